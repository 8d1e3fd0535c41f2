package io.sonde.launcher.config;

import io.sonde.pipeline.MetricsConfig;
import io.sonde.pipeline.MetricsConfig.Buckets;
import io.sonde.pipeline.MetricsConfig.Exponential;
import io.sonde.pipeline.MetricsConfig.Temporality;
import java.util.Optional;

/** From single values to how each output wants its metrics counted. */
final class MetricSettings {
  /** Prometheus's largest and smallest schema of native histograms with exponential buckets. */
  private static final int MAX_SCHEMA = 8;

  private static final int MIN_SCHEMA = -4;

  private final Values values;

  MetricSettings(Values values) {
    this.values = values;
  }

  MetricsConfig otlp() {
    boolean explicit =
        values.get(MetricsKeys.AGGREGATION) == MetricsKeys.Aggregation.EXPLICIT_BUCKET_HISTOGRAM;
    return of(
        MetricsKeys.OF_OTLP,
        values.get(MetricsKeys.TEMPORALITY),
        explicit,
        explicit
            ? Optional.empty()
            : Optional.of(
                new Exponential(
                    values.get(MetricsKeys.MAX_SCALE), values.get(MetricsKeys.MAX_SIZE))));
  }

  MetricsConfig prometheus() {
    double factor = values.get(MetricsKeys.NATIVE_FACTOR);
    return of(
        MetricsKeys.OF_PROMETHEUS,
        Temporality.CUMULATIVE,
        true,
        factor <= 1
            ? Optional.empty()
            : Optional.of(new Exponential(schema(factor), values.get(MetricsKeys.NATIVE_BUCKETS))));
  }

  private MetricsConfig of(
      MetricsKeys.Section section,
      Temporality temporality,
      boolean explicit,
      Optional<Exponential> exponential) {
    return new MetricsConfig(
        temporality,
        new Buckets(
            values.get(section.durations),
            values.get(section.requestSizes),
            values.get(section.responseSizes)),
        explicit,
        exponential,
        values.get(section.exemplars),
        values.get(section.ttl));
  }

  /** The coarsest whose buckets grow by no more than this factor, as in Prometheus's clients. */
  static int schema(double factor) {
    double log2 = Math.log(factor) / Math.log(2);
    int schema = (int) -Math.floor(Math.log(log2) / Math.log(2));
    return Math.max(MIN_SCHEMA, Math.min(MAX_SCHEMA, schema));
  }
}
