package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.beyla;
import static io.sonde.launcher.config.EnvironmentVariable.exactly;
import static io.sonde.launcher.config.EnvironmentVariable.sonde;
import static java.util.stream.Collectors.joining;

import io.sonde.pipeline.MetricsConfig.Buckets;
import io.sonde.pipeline.MetricsConfig.ExemplarFilter;
import io.sonde.pipeline.MetricsConfig.Exponential;
import io.sonde.pipeline.MetricsConfig.Temporality;
import io.sonde.pipeline.Naming;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** How requests are counted, for each of the two outputs of metrics. */
final class MetricsKeys {
  /** Values of OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION. */
  enum Aggregation {
    EXPLICIT_BUCKET_HISTOGRAM,
    BASE2_EXPONENTIAL_BUCKET_HISTOGRAM
  }

  /** Beyla's groups of metrics. */
  private static final List<String> FEATURES =
      List.of(
          "application",
          "application_span",
          "application_span_otel",
          "application_span_sizes",
          "application_service_graph",
          "application_host",
          "application_process",
          "application_runtime",
          "network",
          "network_inter_zone",
          "network_flow_packets",
          "stats",
          "stats_tcp_rtt",
          "stats_tcp_failed_connections",
          "stats_tcp_retransmits",
          "stats_tcp_io",
          "ebpf",
          "all",
          "*");

  /** The protocols that Beyla knows. */
  private static final List<String> INSTRUMENTATIONS =
      List.of(
          "http",
          "grpc",
          "sql",
          "redis",
          "kafka",
          "mqtt",
          "nats",
          "amqp",
          "mongo",
          "couchbase",
          "memcached",
          "sunrpc",
          "aerospike",
          "dns",
          "genai",
          "gpu",
          "all",
          "*");

  static final Option<List<String>> COMMON_FEATURES =
      Option.of(
          "metrics.features",
          ChoiceTypes.words(FEATURES),
          "[application]",
          "Groups of metrics, by Beyla's names: application, by the semantic conventions;"
              + " application_span, application_span_sizes and application_span_otel, by the names"
              + " of spans. The other groups of Beyla's are not measured yet, which the log says"
              + " when one is named.",
          beyla("METRICS_FEATURES"));

  static final Option<List<String>> TRACES_INSTRUMENTATIONS =
      Option.of(
          "otel_traces_export.instrumentations",
          ChoiceTypes.words(INSTRUMENTATIONS),
          "[\"*\"]",
          "Protocols of which there are spans; all today is [http, grpc].",
          beyla("TRACES_INSTRUMENTATIONS"));

  static final Option<Naming> STABILITY =
      Option.of(
          "semconv_stability_opt_in",
          ChoiceTypes.STABILITY,
          "http",
          "http: spans and metrics have the stable names of the semantic conventions; http/dup: also"
              + " those from before (http.method, http.status_code, net.host.name, …;"
              + " http.server.duration in ms, …), to move dashboards over. rpc: as semconv_rpc ="
              + " [stable]; rpc/dup: as [legacy, stable]. Words for other protocols have no effect.",
          exactly("OTEL_SEMCONV_STABILITY_OPT_IN"));

  static final Option<Set<Naming.Rpc>> RPC =
      Option.of(
          "semconv_rpc",
          ChoiceTypes.listOf(Naming.Rpc.class),
          "[]",
          "Names of RPC, one or several at once. rc: rpc.server.call.duration,"
              + " rpc.response.status_code = \"NOT_FOUND\", as Beyla 3.28 has them; stable: the"
              + " same, but rpc.status_code; legacy: rpc.server.duration (in seconds),"
              + " rpc.grpc.status_code = 5, as Beyla had them before and its dashboards still do,"
              + " with rpc.server.requests_per_rpc and responses_per_rpc. Empty:"
              + " semconv_stability_opt_in says, else rc.",
          sonde("SEMCONV_RPC"));

  /** What both outputs have. */
  static final class Section {
    final Option<List<Double>> durations;
    final Option<List<Double>> requestSizes;
    final Option<List<Double>> responseSizes;
    final Option<ExemplarFilter> exemplars;
    final Option<Duration> ttl;
    final Option<List<String>> features;
    final Option<List<String>> instrumentations;

    /**
     * @param beyla begins Beyla's variables for this output
     */
    private Section(String section, String beyla, EnvironmentVariable... exemplarVariables) {
      features =
          Option.of(
              section + ".features",
              ChoiceTypes.words(FEATURES),
              "[]",
              "Instead of metrics.features; empty: these.",
              section.startsWith("prometheus")
                  ? new EnvironmentVariable[] {beyla(beyla + "_FEATURES")}
                  : new EnvironmentVariable[0]);
      instrumentations =
          Option.of(
              section + ".instrumentations",
              ChoiceTypes.words(INSTRUMENTATIONS),
              "[\"*\"]",
              "Protocols of which there are metrics; all today is [http, grpc].",
              beyla(beyla + "_INSTRUMENTATIONS"));
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
              ChoiceTypes.choice(ExemplarFilter.class, name -> name),
              "trace_based",
              "Which spans become exemplars: trace_based, those that are exported; always_on, also"
                  + " those that only the printed lines have; always_off, none.",
              exemplarVariables);
      ttl =
          Option.of(
              section + ".ttl",
              NumberTypes.DURATION,
              "5m",
              "A series that nothing was added to for so long is forgotten; it begins anew when it"
                  + " comes back.",
              beyla(beyla + "_TTL"));
    }

    private static Option<List<Double>> buckets(
        String section, String name, List<Double> defaults, String what) {
      return Option.of(
          section + ".buckets." + name,
          NumberTypes.ASCENDING,
          defaults.stream().map(MetricsKeys::shortest).collect(joining(", ", "[", "]")),
          "Upper bounds of the buckets of " + what + ".");
    }
  }

  static final Section OF_OTLP =
      new Section("otel_metrics_export", "METRICS", exactly("OTEL_METRICS_EXEMPLAR_FILTER"));

  static final Section OF_PROMETHEUS =
      new Section(
          "prometheus_export",
          "PROMETHEUS",
          beyla("PROMETHEUS_EXEMPLAR_FILTER"),
          exactly("OTEL_METRICS_EXEMPLAR_FILTER"));

  static final Option<Temporality> TEMPORALITY =
      Option.of(
          "otel_metrics_export.temporality",
          ChoiceTypes.choice(Temporality.class, name -> name),
          "cumulative",
          "cumulative: a point counts everything since its series began; delta: what came since the"
              + " point before; lowmemory: delta, but Sonde's own counters cumulative.",
          exactly("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"));

  static final Option<Aggregation> AGGREGATION =
      Option.of(
          "otel_metrics_export.histogram_aggregation",
          ChoiceTypes.choice(Aggregation.class, name -> name),
          "explicit_bucket_histogram",
          "explicit_bucket_histogram, with the bounds below, or base2_exponential_bucket_histogram,"
              + " whose buckets follow the measurements.",
          exactly("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION"));

  static final Option<Integer> MAX_SCALE =
      Option.of(
          "otel_metrics_export.exponential_histogram.max_scale",
          NumberTypes.number(-10, 20),
          Integer.toString(Exponential.DEFAULT.maxScale()),
          "Exponential histograms begin with this scale (bounds are powers of 2^(2^-scale)); it"
              + " goes down when the measurements are too far apart for max_size buckets.",
          beyla("METRICS_EXPONENTIAL_HISTOGRAM_MAX_SCALE"));

  static final Option<Integer> MAX_SIZE =
      Option.of(
          "otel_metrics_export.exponential_histogram.max_size",
          NumberTypes.number(2, 16384),
          Integer.toString(Exponential.DEFAULT.maxBuckets()),
          "Buckets of an exponential histogram, from the lowest to the highest in use.",
          beyla("METRICS_EXPONENTIAL_HISTOGRAM_MAX_SIZE"));

  static final Option<Double> NATIVE_FACTOR =
      Option.of(
          "prometheus_export.native_histogram.bucket_factor",
          NumberTypes.decimal(1, 65536),
          "1.1",
          "A Prometheus that scrapes native histograms (scrape_native_histograms) gets them beside"
              + " the others, each bucket at most so much wider than the one before; 1: it does not.",
          beyla("PROMETHEUS_NATIVE_HISTOGRAM_BUCKET_FACTOR"));

  static final Option<Integer> NATIVE_BUCKETS =
      Option.of(
          "prometheus_export.native_histogram.max_bucket_number",
          NumberTypes.number(2, 16384),
          "160",
          "Buckets of a native histogram from the lowest to the highest in use; with more, each two"
              + " become one. (Beyla's 100 are those in use alone.)",
          beyla("PROMETHEUS_NATIVE_HISTOGRAM_MAX_BUCKET_NUMBER"));

  static final Option<Boolean> CREATED_SAMPLES =
      Option.of(
          "prometheus_export.created_samples",
          ChoiceTypes.BOOLEAN,
          "false",
          "Who accepts OpenMetrics gets a sample _created beside each histogram, with the time when"
              + " it began. Prometheus understands it with"
              + " --enable-feature=created-timestamp-zero-ingestion, and takes it for a series of"
              + " its own without.");

  /** In the order of the reference file. */
  static final List<Option<?>> COMMON = List.of(STABILITY, RPC, COMMON_FEATURES);

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
          OF_OTLP.ttl,
          OF_OTLP.features,
          OF_OTLP.instrumentations);

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
          OF_PROMETHEUS.ttl,
          OF_PROMETHEUS.features,
          OF_PROMETHEUS.instrumentations);

  private MetricsKeys() {}

  private static String shortest(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
