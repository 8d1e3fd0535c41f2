package io.sonde.pipeline.metrics;

import io.sonde.pipeline.MetricsConfig;
import io.sonde.pipeline.MetricsConfig.Exponential;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What all histograms of an instrument have in common. */
final class Shape {
  private final Instrument instrument;
  private final List<Double> bounds;
  private final long[] rawBounds;
  private final boolean explicit;
  private final Optional<Exponential> exponential;

  private Shape(Instrument instrument, MetricsConfig config) {
    this.instrument = instrument;
    this.bounds = List.copyOf(instrument.bounds(config.buckets()));
    this.rawBounds = bounds.stream().mapToLong(instrument::toRaw).toArray();
    this.explicit = config.explicit();
    this.exponential = config.exponential();
  }

  static Map<Instrument, Shape> all(MetricsConfig config) {
    Map<Instrument, Shape> all = new EnumMap<>(Instrument.class);
    for (Instrument instrument : Instrument.values()) {
      all.put(instrument, new Shape(instrument, config));
    }
    return all;
  }

  Instrument instrument() {
    return instrument;
  }

  /** In the instrument's unit. */
  List<Double> bounds() {
    return bounds;
  }

  int buckets() {
    return rawBounds.length + 1;
  }

  /** Index of the bucket of a raw measurement. */
  int bucket(long raw) {
    int i = 0;
    while (i < rawBounds.length && raw > rawBounds[i]) {
      i++;
    }
    return i;
  }

  /** Whether points are told by these buckets, and not only by exponential ones. */
  boolean isExplicit() {
    return explicit;
  }

  Optional<Exponential> exponential() {
    return exponential;
  }
}
