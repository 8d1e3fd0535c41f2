package io.sonde.pipeline.linking;

import io.opentelemetry.api.trace.SpanContext;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.ExchangeSink;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.identity.SamplerSetting;
import java.time.Duration;
import java.util.List;

/** Gives every exchange its place in a trace and hands it to the outputs. */
public final class Linker implements ExchangeSink {
  private final Traces traces;
  private final List<TraceSink> outputs;

  /**
   * @param queueThreshold a request that waited at least this long gets spans for the waiting
   * @param sampler of services that have none of their own
   */
  public Linker(Duration queueThreshold, SamplerSetting sampler, List<TraceSink> outputs) {
    this.traces = new Traces(queueThreshold, sampler);
    this.outputs = List.copyOf(outputs);
  }

  @Override
  public void accept(Exchange exchange) {
    if (outputs.isEmpty()) {
      return;
    }
    Trace trace = traces.of(exchange, named(exchange));
    for (TraceSink output : outputs) {
      output.accept(trace);
    }
  }

  /** The span that the request's own header names; invalid when none. */
  private static SpanContext named(Exchange exchange) {
    return exchange instanceof HttpExchange http
        ? TraceParent.remote(http.traceParent(), http.traceState())
        : SpanContext.getInvalid();
  }
}
