package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.linking.Trace;
import java.util.List;

/** The histograms of one attribute set, by each of their names. Guarded by the store's lock. */
final class ExchangeSeries {

  /**
   * By one of the names.
   *
   * @param histograms the duration first
   */
  record Named(Attributes attributes, List<Histogram> histograms) {}

  private final long startUnixNs;
  private final List<Named> all;
  private boolean used;
  private long idleSinceNs;

  /**
   * @param startUnixNs from when on it counts
   */
  ExchangeSeries(Convention convention, Attributes attributes, long startUnixNs) {
    this.startUnixNs = startUnixNs;
    this.all =
        convention.spellings().stream()
            .map(
                spelling ->
                    new Named(
                        spelling.names().apply(attributes),
                        spelling.shapes().stream().map(Histogram::new).toList()))
            .toList();
  }

  /**
   * @param trace of the exchange if its span is to be found by this, else null
   */
  void record(Exchange exchange, Trace trace) {
    used = true;
    for (int i = 0; i < all.size(); i++) { // an iterator would be garbage
      record(all.get(i).histograms(), exchange, trace);
    }
  }

  private static void record(List<Histogram> histograms, Exchange exchange, Trace trace) {
    for (int i = 0; i < histograms.size(); i++) {
      Histogram histogram = histograms.get(i);
      long raw = histogram.shape().instrument().measure(exchange);
      if (raw >= 0) {
        histogram.record(raw, i == 0 ? trace : null);
      }
    }
  }

  /**
   * Whether nothing was recorded for longer than {@code ttlNs}, as seen by the calls of this
   * method: the hot path reads no clock.
   *
   * @param ifTold not while there is something that the next collection would tell first
   */
  boolean expired(long nowNs, long ttlNs, boolean ifTold) {
    if (used) {
      used = false;
      idleSinceNs = nowNs;
    }
    return nowNs - idleSinceNs > ttlNs
        && !(ifTold
            && all.get(0).histograms().stream().anyMatch(histogram -> !histogram.isEmpty()));
  }

  long startUnixNs() {
    return startUnixNs;
  }

  List<Named> all() {
    return all;
  }
}
