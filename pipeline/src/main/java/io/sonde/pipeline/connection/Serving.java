package io.sonde.pipeline.connection;

import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.Direction;
import io.sonde.pipeline.exchange.RequestKey;
import io.sonde.pipeline.exchange.ThreadEvidence.Finding;

/** Who serves the requests of one server connection, whatever its protocol. */
final class Serving {
  private final CaptureScope scope;
  private ServedRequest request; // null before the first

  Serving(CaptureScope scope) {
    this.scope = scope;
  }

  /**
   * A read or write, before its bytes are decoded.
   *
   * @param unanswered whether an exchange is known to be open
   * @return the request that it belongs to; null when its beginning was not seen
   */
  ServedRequest transferred(Activity a, boolean unanswered) {
    boolean read = a.direction() == Direction.RX;
    if (read && (request == null || request.isAnswered() && !unanswered)) {
      end();
      request = begins(a);
      return request;
    }
    if (request instanceof GoroutineRequest ofGoroutine) {
      if (read) {
        scope.goroutines.reads(a, ofGoroutine);
      }
    } else {
      touches(a, (ThreadRequest) request, read);
    }
    if (request != null && !read) {
      request.wrote(a.timeNs());
    }
    return request;
  }

  private ServedRequest begins(Activity a) {
    return a.goroutine() == 0
        ? scope.threads.begins(a.pid(), a.tid(), a.waits())
        : scope.goroutines.begins(a);
  }

  private void touches(Activity a, ThreadRequest its, boolean read) {
    scope.threads.touches(a.tid(), its);
    if (its != null && read && !a.waits()) {
      its.doubt(Finding.NON_BLOCKING);
    }
  }

  void exchangeBegun() {
    if (request != null) {
      request.exchangeBegun();
    }
  }

  /** No exchange is open now: what was asked, if it was, has been answered. */
  void nothingOpen() {
    if (request != null && request.isAnswered() && request.exchanges() > 0) {
      end();
    }
  }

  /** Whatever was asked will not be answered any more. */
  void end() {
    if (request == null) {
      return;
    }
    request.end();
    RequestKey awaited = request.takeKeyIfNeverTold();
    if (awaited != null) {
      scope.sink.unreported(awaited);
    }
  }
}
