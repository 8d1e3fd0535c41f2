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
    boolean begins = read && (request == null || request.isAnswered() && !unanswered);
    if (begins) {
      end();
      request = scope.threads.begins(a.pid(), a.tid(), a.waits());
      return request;
    }
    scope.threads.touches(a.tid(), request);
    if (request != null && read && !a.waits()) {
      request.doubt(Finding.NON_BLOCKING);
    } else if (request != null && !read) {
      request.wrote(a.timeNs());
    }
    return request;
  }

  void exchangeBegun() {
    if (request != null) {
      request.exchangeBegun();
    }
  }

  void exchangeReported() {
    if (request != null) {
      request.exchangeReported();
    }
  }

  /** No exchange is open now: what was asked, if it was, has been answered. */
  void nothingOpen() {
    if (request != null && request.isAnswered() && request.hasExchange()) {
      end();
    }
  }

  /** Whatever was asked will not be answered any more. */
  void end() {
    if (request == null) {
      return;
    }
    request.end();
    RequestKey unreported = request.keyIfNeverReported();
    if (unreported != null) {
      request.exchangeReported();
      scope.sink.unreported(unreported);
    }
  }
}
