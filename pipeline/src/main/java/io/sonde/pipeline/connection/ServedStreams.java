package io.sonde.pipeline.connection;

import io.sonde.pipeline.exchange.RequestKey;
import io.sonde.pipeline.exchange.ThreadEvidence;
import io.sonde.pipeline.exchange.ThreadWork;
import io.sonde.pipeline.protocol.Operation;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who serves the requests of one server connection that are its streams. */
final class ServedStreams {
  private static final int MAX_STREAMS = 1024;

  private final CaptureScope scope;
  private final Map<Integer, GoroutineRequest> requests =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, GoroutineRequest> eldest) {
          boolean full = size() > MAX_STREAMS;
          if (full) {
            end(eldest.getValue());
          }
          return full;
        }
      };

  private boolean over;

  ServedStreams(CaptureScope scope) {
    this.scope = scope;
  }

  /** A goroutine has read the first byte of a request; who will serve it is told later. */
  ThreadWork begins(Operation operation, int stream) {
    scope.goroutines.readsStreams(operation, this);
    GoroutineRequest request = new GoroutineRequest(operation.pid());
    requests.put(stream, request);
    return () -> finished(stream, request);
  }

  private ThreadEvidence finished(int stream, GoroutineRequest request) {
    requests.remove(stream, request);
    ThreadEvidence evidence = request.evidence();
    request.end();
    return evidence;
  }

  /** Null when it is not known, or over. */
  GoroutineRequest request(int stream) {
    return requests.get(stream);
  }

  boolean isOver() {
    return over;
  }

  void end() {
    over = true;
    requests.values().forEach(this::end);
    requests.clear();
  }

  private void end(GoroutineRequest request) {
    request.end();
    RequestKey awaited = request.takeKeyIfNeverTold();
    if (awaited != null) {
      scope.sink.unreported(awaited);
    }
  }
}
