package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.beyla;
import static io.sonde.launcher.config.EnvironmentVariable.exactly;
import static java.util.stream.Collectors.joining;

import io.sonde.pipeline.MetricsConfig.Buckets;
import io.sonde.pipeline.MetricsConfig.ExemplarFilter;
import io.sonde.pipeline.MetricsConfig.Exponential;
import io.sonde.pipeline.MetricsConfig.Temporality;
import java.time.Duration;
import java.util.List;

/** How requests are counted, for each of the two outputs of metrics. */
final class MetricsKeys {
  /** Values of OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION. */
  enum Aggregation {
    EXPLICIT_BUCKET_HISTOGRAM,
    BASE2_EXPONENTIAL_BUCKET_HISTOGRAM
  }

  /** What both outputs have. */
  static final class Section {
    final Option<List<Double>> durations;
    final Option<List<Double>> requestSizes;
    final Option<List<Double>> responseSizes;
    final Option<ExemplarFilter> exemplars;
    final Option<Duration> ttl;

    private Section(
        String section, EnvironmentVariable ttlVariable, EnvironmentVariable... exemplarVariables) {
      durations =
          buckets(section, "duration_histogram", Buckets.DEFAULT.durations(), "durations, seconds");
      requestSizes =
          buckets(
              section,
              "request_size_histogram",
              Buckets.DEFAULT.requestSizes(),
              "sizes of requests, bytes");
      responseSizes =
          buckets(
              section,
              "response_size_histogram",
              Buckets.DEFAULT.responseSizes(),
              "sizes of responses, bytes");
      exemplars =
          Option.of(
              section + ".exemplar_filter",
              Types.choice(ExemplarFilter.class, name -> name),
              "trace_based",
              "Which spans become exemplars: trace_based, those that are exported; always_on, also"
                  + " those that only the printed lines have; always_off, none.",
              exemplarVariables);
      ttl =
          Option.of(
              section + ".ttl",
              Types.DURATION,
              "5m",
              "A series that nothing was added to for so long is forgotten; it begins anew when it"
                  + " comes back.",
              ttlVariable);
    }

    private static Option<List<Double>> buckets(
        String section, String name, List<Double> defaults, String what) {
      return Option.of(
          section + ".buckets." + name,
          Types.ASCENDING,
          defaults.stream().map(MetricsKeys::shortest).collect(joining(", ", "[", "]")),
          "Upper bounds of the buckets of " + what + ".");
    }
  }

  static final Section OF_OTLP =
      new Section(
          "otel_metrics_export", beyla("METRICS_TTL"), exactly("OTEL_METRICS_EXEMPLAR_FILTER"));

  static final Section OF_PROMETHEUS =
      new Section(
          "prometheus_export",
          beyla("PROMETHEUS_TTL"),
          beyla("PROMETHEUS_EXEMPLAR_FILTER"),
          exactly("OTEL_METRICS_EXEMPLAR_FILTER"));

  static final Option<Temporality> TEMPORALITY =
      Option.of(
          "otel_metrics_export.temporality",
          Types.choice(Temporality.class, name -> name),
          "cumulative",
          "cumulative: a point counts everything since its series began; delta: what came since the"
              + " point before; lowmemory: delta, but Sonde's own counters cumulative.",
          exactly("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"));

  static final Option<Aggregation> AGGREGATION =
      Option.of(
          "otel_metrics_export.histogram_aggregation",
          Types.choice(Aggregation.class, name -> name),
          "explicit_bucket_histogram",
          "explicit_bucket_histogram, with the bounds below, or base2_exponential_bucket_histogram,"
              + " whose buckets follow the measurements.",
          exactly("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION"));

  static final Option<Integer> MAX_SCALE =
      Option.of(
          "otel_metrics_export.exponential_histogram.max_scale",
          Types.number(-10, 20),
          Integer.toString(Exponential.DEFAULT.maxScale()),
          "Exponential histograms begin with this scale (bounds are powers of 2^(2^-scale)); it"
              + " goes down when the measurements are too far apart for max_size buckets.",
          beyla("METRICS_EXPONENTIAL_HISTOGRAM_MAX_SCALE"));

  static final Option<Integer> MAX_SIZE =
      Option.of(
          "otel_metrics_export.exponential_histogram.max_size",
          Types.number(2, 16384),
          Integer.toString(Exponential.DEFAULT.maxBuckets()),
          "Buckets of an exponential histogram, from the lowest to the highest in use.",
          beyla("METRICS_EXPONENTIAL_HISTOGRAM_MAX_SIZE"));

  static final Option<Double> NATIVE_FACTOR =
      Option.of(
          "prometheus_export.native_histogram.bucket_factor",
          Types.decimal(1, 65536),
          "1.1",
          "A Prometheus that scrapes native histograms (scrape_native_histograms) gets them beside"
              + " the others, each bucket at most so much wider than the one before; 1: it does not.",
          beyla("PROMETHEUS_NATIVE_HISTOGRAM_BUCKET_FACTOR"));

  static final Option<Integer> NATIVE_BUCKETS =
      Option.of(
          "prometheus_export.native_histogram.max_bucket_number",
          Types.number(2, 16384),
          "160",
          "Buckets of a native histogram from the lowest to the highest in use; with more, each two"
              + " become one. (Beyla's 100 are those in use alone.)",
          beyla("PROMETHEUS_NATIVE_HISTOGRAM_MAX_BUCKET_NUMBER"));

  static final Option<Boolean> CREATED_SAMPLES =
      Option.of(
          "prometheus_export.created_samples",
          Types.BOOLEAN,
          "false",
          "Who accepts OpenMetrics gets a sample _created beside each histogram, with the time when"
              + " it began. Prometheus understands it with"
              + " --enable-feature=created-timestamp-zero-ingestion, and takes it for a series of"
              + " its own without.");

  /** In the order of the reference file. */
  static final List<Option<?>> OTLP =
      List.of(
          TEMPORALITY,
          AGGREGATION,
          MAX_SCALE,
          MAX_SIZE,
          OF_OTLP.durations,
          OF_OTLP.requestSizes,
          OF_OTLP.responseSizes,
          OF_OTLP.exemplars,
          OF_OTLP.ttl);

  /** In the order of the reference file. */
  static final List<Option<?>> PROMETHEUS =
      List.of(
          OF_PROMETHEUS.durations,
          OF_PROMETHEUS.requestSizes,
          OF_PROMETHEUS.responseSizes,
          NATIVE_FACTOR,
          NATIVE_BUCKETS,
          OF_PROMETHEUS.exemplars,
          CREATED_SAMPLES,
          OF_PROMETHEUS.ttl);

  private MetricsKeys() {}

  private static String shortest(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
