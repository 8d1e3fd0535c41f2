package io.sonde.pipeline.linking;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.Timing;
import java.util.function.Consumer;

/**
 * Makes the spans of a trace: one for the exchange and, where the request waited, {@code in queue}
 * and {@code processing} below it, as Beyla does.
 */
public final class Spans {
  /** Names of Beyla's child spans. */
  static final String IN_QUEUE = "in queue";

  static final String PROCESSING = "processing";

  /** Sonde's own: the head was longer than what was captured, so attributes may be missing. */
  static final AttributeKey<Boolean> TRUNCATED = AttributeKey.booleanKey("sonde.truncated");

  private static final StatusData ERROR = StatusData.error();

  private Spans() {}

  /** Hands the spans of {@code trace} to {@code out}, the parent first. */
  public static void of(Trace trace, Consumer<SpanData> out) {
    Exchange exchange = trace.exchange();
    Timing timing = exchange.timing();
    SpanContext context = trace.context();
    out.accept(
        new CompletedSpan(
            exchange.spanName(),
            exchange.role() == Role.SERVER ? SpanKind.SERVER : SpanKind.CLIENT,
            context,
            trace.parent(),
            exchange.errorType() == null ? StatusData.unset() : ERROR,
            timing.arrivedNs() + timing.realtimeOffsetNs(),
            timing.endedNs() + timing.realtimeOffsetNs(),
            attributes(exchange),
            exchange.service().resource()));
    if (trace.waited()) {
      out.accept(
          child(
              trace,
              context,
              trace.queueSpanId(),
              IN_QUEUE,
              timing.arrivedNs(),
              timing.startedNs()));
      out.accept(
          child(
              trace,
              context,
              trace.processingSpanId(),
              PROCESSING,
              timing.startedNs(),
              timing.endedNs()));
    }
  }

  private static CompletedSpan child(
      Trace trace, SpanContext parent, String spanId, String name, long startNs, long endNs) {
    long offset = trace.exchange().timing().realtimeOffsetNs();
    return new CompletedSpan(
        name,
        SpanKind.INTERNAL,
        sameTrace(parent, spanId),
        parent,
        StatusData.unset(),
        startNs + offset,
        endNs + offset,
        Attributes.empty(),
        trace.exchange().service().resource());
  }

  /** In the trace of the other, and sampled as it is. */
  private static SpanContext sameTrace(SpanContext other, String spanId) {
    return SpanContext.create(
        other.getTraceId(), spanId, other.getTraceFlags(), other.getTraceState());
  }

  private static Attributes attributes(Exchange exchange) {
    return exchange.match(HttpSpans::attributes, RpcSpans::attributes);
  }
}
