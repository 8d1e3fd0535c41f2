package io.sonde.pipeline.linking;

import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.ExchangeSink;
import java.util.List;

/**
 * Where exchanges go, with or without their place in a trace.
 *
 * @param metrics counts each exchange once, as soon as it is over
 * @param exemplars the same metrics for an exchange whose trace is known already
 * @param traces takes each exchange once, with its trace
 */
public record Outputs(ExchangeSink metrics, TraceSink exemplars, List<TraceSink> traces) {
  public Outputs {
    traces = List.copyOf(traces);
  }

  /** For spans that nobody exports: metrics must not name them. */
  public static Outputs withoutExemplars(ExchangeSink metrics, List<TraceSink> traces) {
    return new Outputs(
        metrics,
        trace -> {
          metrics.accept(trace.exchange());
          return true;
        },
        traces);
  }

  void accept(Trace trace) {
    exemplars.accept(trace);
    acceptLate(trace);
  }

  /** The exchange is over; its trace will be told {@linkplain #acceptLate later}. */
  void acceptEarly(Exchange exchange) {
    metrics.accept(exchange);
  }

  void acceptLate(Trace trace) {
    for (TraceSink output : traces) {
      output.accept(trace);
    }
  }
}
