package io.sonde.pipeline.linking;

import io.opentelemetry.api.trace.SpanContext;
import io.sonde.pipeline.exchange.Exchange;

/**
 * An exchange and its place in a trace, the same for every output. Ids are lower-case hex, 32 and
 * 16 digits, never all zero (W3C Trace Context).
 *
 * @param context of the exchange's span
 * @param parent {@link SpanContext#getInvalid()} where the span is a root; remote where it is known
 *     from a header
 * @param queueSpanId id of the child {@code in queue}; null when the request did not wait
 * @param processingSpanId id of the child {@code processing}; null when the request did not wait
 */
public record Trace(
    Exchange exchange,
    SpanContext context,
    SpanContext parent,
    String queueSpanId,
    String processingSpanId) {

  public String traceId() {
    return context.getTraceId();
  }

  public String spanId() {
    return context.getSpanId();
  }

  /** 16 zeros for a root. */
  public String parentSpanId() {
    return parent.getSpanId();
  }

  /** Whether its spans are to be exported. */
  public boolean sampled() {
    return context.isSampled();
  }

  /** How many spans it has: {@link Spans} makes as many. */
  public int spans() {
    return waited() ? 3 : 1;
  }

  public boolean waited() {
    return queueSpanId != null;
  }
}
