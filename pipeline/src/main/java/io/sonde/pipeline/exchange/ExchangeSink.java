package io.sonde.pipeline.exchange;

/** Takes finished exchanges. Called by the pipeline thread; must not block. */
@FunctionalInterface
public interface ExchangeSink {
  void accept(Exchange exchange);
}
