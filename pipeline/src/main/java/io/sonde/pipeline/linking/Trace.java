package io.sonde.pipeline.linking;

import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceId;
import io.sonde.pipeline.exchange.Exchange;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An exchange and the ids of its spans, the same for every output. Ids are lower-case hex, 32 and
 * 16 digits, never all zero (W3C Trace Context).
 *
 * @param queueSpanId id of the child {@code in queue}; null when the request did not wait
 * @param processingSpanId id of the child {@code processing}; null when the request did not wait
 */
public record Trace(
    Exchange exchange, String traceId, String spanId, String queueSpanId, String processingSpanId) {

  /**
   * Starts a trace of its own.
   *
   * @param waited whether the time in the queue gets spans of its own
   */
  static Trace start(Exchange exchange, boolean waited) {
    return new Trace(
        exchange,
        newTraceId(),
        newSpanId(),
        waited ? newSpanId() : null,
        waited ? newSpanId() : null);
  }

  /** How many spans it has: {@link Spans} makes as many. */
  public int spans() {
    return waited() ? 3 : 1;
  }

  public boolean waited() {
    return queueSpanId != null;
  }

  // ids need to be unique, not secret: no lock and no system call per span
  private static String newTraceId() {
    return TraceId.fromLongs(ThreadLocalRandom.current().nextLong(), nonZero());
  }

  private static String newSpanId() {
    return SpanId.fromLong(nonZero());
  }

  private static long nonZero() {
    long id;
    do {
      id = ThreadLocalRandom.current().nextLong();
    } while (id == 0);
    return id;
  }
}
