package io.sonde.pipeline.linking;

import io.sonde.pipeline.accounting.Untold;
import io.sonde.pipeline.accounting.Untold.Reason;
import io.sonde.pipeline.accounting.Untold.Signal;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.ExchangeSink;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.util.List;

/**
 * Where exchanges go, with or without their place in a trace. A signal that is to know nothing of
 * an exchange is not told of it, which is counted.
 *
 * @param metrics counts each exchange once, as soon as it is over
 * @param exemplars the same metrics for an exchange whose trace is known already
 * @param traces takes each exchange once, with its trace
 * @param untold counts what is not told
 */
public record Outputs(
    ExchangeSink metrics, TraceSink exemplars, List<TraceSink> traces, Untold untold) {
  public Outputs {
    traces = List.copyOf(traces);
  }

  /** For spans that nobody exports: metrics must not name them. */
  public static Outputs withoutExemplars(
      ExchangeSink metrics, List<TraceSink> traces, Untold untold) {
    return new Outputs(
        metrics,
        trace -> {
          metrics.accept(trace.exchange());
          return true;
        },
        traces,
        untold);
  }

  void accept(Trace trace) {
    if (trace.exchange().ignoredFor().contains(Export.TRACES)) {
      acceptEarly(trace.exchange()); // an exemplar would name a span that nobody is told of
    } else if (isTold(trace.exchange(), Export.METRICS, Signal.METRICS)) {
      exemplars.accept(trace);
    }
    acceptLate(trace);
  }

  /** The exchange is over; its trace, if it is told, comes {@linkplain #acceptLate later}. */
  public void acceptEarly(Exchange exchange) {
    if (isTold(exchange, Export.METRICS, Signal.METRICS)) {
      metrics.accept(exchange);
    }
  }

  void acceptLate(Trace trace) {
    if (isTold(trace.exchange(), Export.TRACES, Signal.TRACES)) {
      for (TraceSink output : traces) {
        output.accept(trace);
      }
    }
  }

  private boolean isTold(Exchange exchange, Export export, Signal signal) {
    if (exchange.ignoredFor().contains(export)) {
      untold.count(signal, Reason.IGNORED_PATTERN);
      return false;
    }
    return true;
  }
}
