package io.sonde.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How metrics are counted for one output. Two outputs that want the same are served by one count.
 *
 * @param temporality what a point of OTLP counts
 * @param buckets bounds of explicit histograms
 * @param explicit whether histograms are told by their explicit buckets
 * @param exponential histograms with exponential buckets: instead of the explicit ones, or beside
 *     them (Prometheus's native histograms)
 * @param exemplars which spans become exemplars
 * @param ttl a series that nothing was added to for longer is forgotten, and begins anew when it
 *     comes back
 * @param features groups of metrics
 * @param instrumentations kinds of exchanges that are counted
 * @param naming by which names
 */
public record MetricsConfig(
    Temporality temporality,
    Buckets buckets,
    boolean explicit,
    Optional<Exponential> exponential,
    ExemplarFilter exemplars,
    Duration ttl,
    Set<Feature> features,
    Set<Instrumentation> instrumentations,
    Naming naming) {

  /** As Beyla and OpenTelemetry have it where nothing is set. */
  public static final MetricsConfig DEFAULT =
      new MetricsConfig(
          Temporality.CUMULATIVE,
          Buckets.DEFAULT,
          true,
          Optional.empty(),
          ExemplarFilter.TRACE_BASED,
          Duration.ofMinutes(5),
          Set.of(Feature.APPLICATION),
          Set.of(Instrumentation.values()),
          Naming.DEFAULT);

  /** Those of Beyla's groups of metrics that there are. */
  public enum Feature {
    /** By the semantic conventions. */
    APPLICATION,
    /** Latencies and calls by the names of spans. */
    APPLICATION_SPAN,
    /** The same by OpenTelemetry's names for them. */
    APPLICATION_SPAN_OTEL,
    /** Sizes by the names of spans. */
    APPLICATION_SPAN_SIZES
  }

  /** The values of OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE. */
  public enum Temporality {
    /** Everything since the series began. */
    CUMULATIVE,
    /** What came since the point before. */
    DELTA,
    /** Delta where no total is kept anyway: histograms, but not Sonde's own counters. */
    LOWMEMORY;

    /** Of histograms, which are what requests are counted into. */
    public boolean deltaOfHistograms() {
      return this != CUMULATIVE;
    }

    /** Of counters that are read as totals, as Sonde's own are. */
    public boolean deltaOfObservedCounters() {
      return this == DELTA;
    }
  }

  /** The values of OTEL_METRICS_EXEMPLAR_FILTER. */
  public enum ExemplarFilter {
    ALWAYS_OFF,
    /** Spans that are exported. */
    TRACE_BASED,
    /** Also spans that are not. */
    ALWAYS_ON
  }

  /**
   * Upper bounds, ascending; a last bucket has none.
   *
   * @param durations in seconds
   * @param requestSizes in bytes
   * @param responseSizes in bytes
   */
  public record Buckets(
      List<Double> durations, List<Double> requestSizes, List<Double> responseSizes) {
    private static final List<Double> SIZES =
        List.of(0.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0, 8192.0);

    /** Beyla's. */
    public static final Buckets DEFAULT =
        new Buckets(
            List.of(
                0.0, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5,
                10.0),
            SIZES,
            SIZES);
  }

  /**
   * Buckets whose bounds are powers of 2^(2^-scale).
   *
   * @param maxScale at the beginning; smaller when the measurements are too far apart
   * @param maxBuckets from the lowest to the highest in use
   */
  public record Exponential(int maxScale, int maxBuckets) {
    /** The SDK's. */
    public static final Exponential DEFAULT = new Exponential(20, 160);
  }

  public MetricsConfig withTemporality(Temporality other) {
    return new MetricsConfig(
        other, buckets, explicit, exponential, exemplars, ttl, features, instrumentations, naming);
  }

  public MetricsConfig withExponential(boolean besideExplicit, Exponential other) {
    return new MetricsConfig(
        temporality,
        buckets,
        besideExplicit,
        Optional.of(other),
        exemplars,
        ttl,
        features,
        instrumentations,
        naming);
  }

  public MetricsConfig withExemplars(ExemplarFilter other) {
    return new MetricsConfig(
        temporality,
        buckets,
        explicit,
        exponential,
        other,
        ttl,
        features,
        instrumentations,
        naming);
  }

  public MetricsConfig withFeatures(Set<Feature> others) {
    return new MetricsConfig(
        temporality,
        buckets,
        explicit,
        exponential,
        exemplars,
        ttl,
        others,
        instrumentations,
        naming);
  }

  public MetricsConfig withInstrumentations(Set<Instrumentation> others) {
    return new MetricsConfig(
        temporality, buckets, explicit, exponential, exemplars, ttl, features, others, naming);
  }

  public MetricsConfig withNaming(Naming other) {
    return new MetricsConfig(
        temporality,
        buckets,
        explicit,
        exponential,
        exemplars,
        ttl,
        features,
        instrumentations,
        other);
  }

  /**
   * What serves both this and the other; empty when they want different things. Exponential buckets
   * beside explicit ones do no harm to who wants only these.
   */
  public Optional<MetricsConfig> shared(MetricsConfig other) {
    MetricsConfig same =
        new MetricsConfig(
            temporality,
            buckets,
            explicit,
            other.exponential,
            exemplars,
            ttl,
            features,
            instrumentations,
            naming);
    boolean oneMoreThanTheOther = exponential.isEmpty() || other.exponential.isEmpty();
    boolean counted = !temporality.deltaOfHistograms(); // deltas are for one reader
    if (!counted || !other.equals(same) || !explicit && !equals(other)) {
      return Optional.empty();
    }
    return equals(other) || oneMoreThanTheOther
        ? Optional.of(exponential.isPresent() ? this : other)
        : Optional.empty();
  }
}
