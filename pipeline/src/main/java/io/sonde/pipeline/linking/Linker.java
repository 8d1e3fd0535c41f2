package io.sonde.pipeline.linking;

import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.ExchangeSink;
import java.time.Duration;
import java.util.List;

/** Gives every exchange its ids and hands it to the outputs. */
public final class Linker implements ExchangeSink {
  private final long queueThresholdNs;
  private final List<TraceSink> outputs;

  /**
   * @param queueThreshold a request that waited at least this long gets spans for the waiting
   */
  public Linker(Duration queueThreshold, List<TraceSink> outputs) {
    this.queueThresholdNs = queueThreshold.toNanos();
    this.outputs = List.copyOf(outputs);
  }

  @Override
  public void accept(Exchange exchange) {
    if (outputs.isEmpty()) {
      return;
    }
    boolean waited =
        exchange.role() == Role.SERVER && exchange.timing().queuedNs() >= queueThresholdNs;
    Trace trace = Trace.start(exchange, waited);
    for (TraceSink output : outputs) {
      output.accept(trace);
    }
  }
}
