package io.sonde.pipeline.exchange;

/** Takes finished exchanges. Called by the pipeline thread; must not block. */
@FunctionalInterface
public interface ExchangeSink {
  void accept(Exchange exchange);

  /** The request will never be accepted, though others refer to it. */
  default void unreported(RequestKey request) {}

  /** Called about once a second, also while nothing else happens. */
  default void timePasses() {}
}
