package io.sonde.launcher.config;

import io.sonde.pipeline.Instrumentation;
import io.sonde.pipeline.MetricsConfig;
import io.sonde.pipeline.MetricsConfig.Buckets;
import io.sonde.pipeline.MetricsConfig.Exponential;
import io.sonde.pipeline.MetricsConfig.Feature;
import io.sonde.pipeline.MetricsConfig.Temporality;
import io.sonde.pipeline.Naming;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** From single values to how each output wants its metrics counted. */
final class MetricSettings {
  /** Prometheus's largest and smallest schema of native histograms with exponential buckets. */
  private static final int MAX_SCHEMA = 8;

  private static final int MIN_SCHEMA = -4;

  private static final Map<String, Feature> FEATURES =
      Map.of(
          "application", Feature.APPLICATION,
          "application_span", Feature.APPLICATION_SPAN,
          "application_span_otel", Feature.APPLICATION_SPAN_OTEL,
          "application_span_sizes", Feature.APPLICATION_SPAN_SIZES);

  private static final Map<String, Instrumentation> INSTRUMENTATIONS =
      Map.of("http", Instrumentation.HTTP, "grpc", Instrumentation.GRPC);

  private static final Set<String> ALL = Set.of("*", "all");

  private final Values values;
  private final List<String> warnings;

  /**
   * @param warnings receives, once each, what is named and not there yet
   */
  MetricSettings(Values values, List<String> warnings) {
    this.values = values;
    this.warnings = warnings;
  }

  /** Of what there are to be spans; empty: of nothing. */
  Set<Instrumentation> spans() {
    return instrumentations(MetricsKeys.TRACES_INSTRUMENTATIONS);
  }

  Naming naming() {
    Naming optedInto = values.get(MetricsKeys.STABILITY);
    Set<Naming.Rpc> rpc = values.get(MetricsKeys.RPC);
    return rpc.isEmpty() ? optedInto : new Naming(optedInto.formerHttp(), rpc);
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
        values.get(section.ttl),
        features(section),
        instrumentations(section.instrumentations),
        naming());
  }

  private Set<Feature> features(MetricsKeys.Section section) {
    Option<List<String>> option =
        values.get(section.features).isEmpty() ? MetricsKeys.COMMON_FEATURES : section.features;
    List<String> words = values.get(option);
    if (words.stream().anyMatch(ALL::contains)) {
      return Set.copyOf(FEATURES.values());
    }
    words.stream()
        .filter(word -> !FEATURES.containsKey(word))
        .forEach(word -> warn(option.key() + ": " + word + " is not measured yet"));
    return words.stream()
        .filter(FEATURES::containsKey)
        .map(FEATURES::get)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Set<Instrumentation> instrumentations(Option<List<String>> option) {
    List<String> words = values.get(option);
    if (words.stream().anyMatch(ALL::contains)) {
      return Set.copyOf(INSTRUMENTATIONS.values());
    }
    words.stream()
        .filter(word -> !INSTRUMENTATIONS.containsKey(word))
        .forEach(word -> warn(option.key() + ": " + word + " is not decoded yet"));
    Set<Instrumentation> known =
        words.stream()
            .filter(INSTRUMENTATIONS::containsKey)
            .map(INSTRUMENTATIONS::get)
            .collect(Collectors.toUnmodifiableSet());
    if (known.isEmpty()) {
      warn(option.key() + " has neither http nor grpc: nothing is reported there");
    }
    return known;
  }

  private void warn(String sentence) {
    if (!warnings.contains(sentence)) {
      warnings.add(sentence);
    }
  }

  /** The coarsest whose buckets grow by no more than this factor, as in Prometheus's clients. */
  static int schema(double factor) {
    double log2 = Math.log(factor) / Math.log(2);
    int schema = (int) -Math.floor(Math.log(log2) / Math.log(2));
    return Math.max(MIN_SCHEMA, Math.min(MAX_SCHEMA, schema));
  }
}
