package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.beyla;
import static io.sonde.launcher.config.EnvironmentVariable.exactly;
import static io.sonde.launcher.config.EnvironmentVariable.sonde;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Outputs that are pushed, by OTLP. */
final class OtlpKeys {
  static final OtlpSection OTLP =
      new OtlpSection(
          "otel_export",
          "OTEL_EXPORTER_OTLP",
          "OTLP endpoint for traces and metrics alike: http://host:port, https://host:port,"
              + " unix:///path or unix://@name for a Unix socket with or without a file, or"
              + " host:port as the Collector writes it, which is TLS unless tls.insecure. Over HTTP,"
              + " /v1/traces and /v1/metrics are appended to its path.");

  static final OtlpSection OTLP_TRACES =
      new OtlpSection(
          "otel_traces_export",
          "OTEL_EXPORTER_OTLP_TRACES",
          "OTLP endpoint for traces, used as it is; what is set here goes before otel_export.");

  static final OtlpSection OTLP_METRICS =
      new OtlpSection(
          "otel_metrics_export",
          "OTEL_EXPORTER_OTLP_METRICS",
          "OTLP endpoint for metrics, used as it is; what is set here goes before otel_export.");

  static final Option<Boolean> OTLP_DISABLED =
      Option.of(
          "otel_export.disabled",
          ChoiceTypes.BOOLEAN,
          "false",
          "Nothing goes over OTLP, whatever else is set.",
          exactly("OTEL_SDK_DISABLED"));

  static final Option<Duration> OTLP_BACKOFF_INITIAL =
      Option.of(
          "otel_export.backoff_initial_interval",
          NumberTypes.DURATION,
          "1s",
          "Pause after the first failure of a request that may be tried again. Each further one is"
              + " half as long again, and all vary by half. An endpoint that names a time (RetryInfo,"
              + " Retry-After) is left alone for that time instead.",
          beyla("BACKOFF_INITIAL_INTERVAL"));

  static final Option<Duration> OTLP_BACKOFF_MAX =
      Option.of(
          "otel_export.backoff_max_interval",
          NumberTypes.DURATION,
          "30s",
          "Longest of these pauses.",
          beyla("BACKOFF_MAX_INTERVAL"));

  static final Option<Duration> OTLP_BACKOFF_MAX_ELAPSED =
      Option.of(
          "otel_export.backoff_max_elapsed_time",
          NumberTypes.DURATION,
          "0s",
          "A request that could not be delivered for so long is given up. 0: never; what waits is"
              + " bounded by the queue, so giving up early would only lose what there is room for.",
          beyla("BACKOFF_MAX_ELAPSED_TIME"));

  static final Option<Duration> OTLP_PARKED =
      Option.of(
          "otel_export.unimplemented_retry_interval",
          NumberTypes.DURATION,
          "5m",
          "How long an endpoint is left alone that does not know traces, or metrics (UNIMPLEMENTED,"
              + " HTTP 404). Collectors answer so when no pipeline takes the signal.");

  static final Option<Long> OTLP_MAX_REQUEST_BYTES =
      Option.of(
          "otel_export.max_request_bytes",
          NumberTypes.bytes(1 << 10, 1 << 30),
          "3584KiB",
          "Larger requests are split before they are sent. A Collector takes 4 MiB over gRPC by"
              + " default, before compression; this leaves room. At most a quarter of the queue.");

  static final Option<Long> OTLP_QUEUE_BYTES =
      Option.of(
          "otel_export.queue.max_bytes",
          NumberTypes.bytes(1 << 16, 1 << 25),
          "16MiB",
          "Encoded requests that wait for the endpoint, in memory, of each signal; over it the"
              + " oldest are dropped and counted. In bytes, since the Collector's queue_size of"
              + " requests bounds no memory. Up to 32MiB, which for both signals is half of"
              + " bin/sonde's heap; what is to wait for longer goes to queue.directory.");

  static final Option<Path> OTLP_QUEUE_DIRECTORY =
      Option.of(
          "otel_export.queue.directory",
          Type.optional(TextTypes.FILE),
          "\"\"",
          "Keep them in this directory instead, which must belong to Sonde's user: what waits there"
              + " survives a restart, and a collector may stay away for long. What was under way"
              + " when Sonde was killed is sent again.",
          sonde("OTLP_QUEUE_DIRECTORY"));

  static final Option<Long> OTLP_QUEUE_DISK_BYTES =
      Option.of(
          "otel_export.queue.max_disk_bytes",
          NumberTypes.bytes(1 << 20, 1L << 50),
          "1GiB",
          "There, of each signal; over it the oldest are dropped and counted.");

  static final Option<Duration> METRICS_INTERVAL =
      Option.of(
          "otel_metrics_export.interval",
          NumberTypes.DURATION,
          "60s",
          "Between two exports of metrics.",
          beyla("METRICS_INTERVAL"),
          exactly("OTEL_METRIC_EXPORT_INTERVAL"));

  static final Option<Set<TracesExporter>> TRACES_EXPORTERS =
      Option.of(
          "otel_traces_export.exporters",
          ChoiceTypes.choices(TracesExporter.class, "none"),
          "otlp",
          "otlp: sent to the endpoint, where one is set; console: printed as trace_printer = text"
              + " does; both, separated by a comma; or none.",
          exactly("OTEL_TRACES_EXPORTER"));

  static final Option<Integer> TRACES_QUEUE_SIZE =
      Option.of(
          "otel_traces_export.queue_size",
          NumberTypes.number(16, 1 << 20),
          "16384",
          "Spans that wait to be encoded. While the encoded ones fill their queue, because the"
              + " endpoint is away or slow, no more are encoded; then the oldest of these are"
              + " dropped and counted.",
          beyla("OTLP_TRACES_QUEUE_SIZE"),
          exactly("OTEL_BSP_MAX_QUEUE_SIZE"));

  static final Option<Integer> TRACES_BATCH_SIZE =
      Option.of(
          "otel_traces_export.batch_max_size",
          NumberTypes.number(1, 1 << 16),
          "2048",
          "Spans in a request, at the most; at most what queue_size is.",
          beyla("OTLP_TRACES_BATCH_MAX_SIZE"),
          exactly("OTEL_BSP_MAX_EXPORT_BATCH_SIZE"));

  static final Option<Duration> TRACES_BATCH_TIMEOUT =
      Option.of(
          "otel_traces_export.batch_timeout",
          NumberTypes.DURATION,
          "1s",
          "How long a span may wait for others to be sent with.",
          beyla("OTLP_TRACES_BATCH_TIMEOUT"),
          exactly("OTEL_BSP_SCHEDULE_DELAY"));

  static final Option<Set<MetricsExporter>> METRICS_EXPORTERS =
      Option.of(
          "otel_metrics_export.exporters",
          ChoiceTypes.choices(MetricsExporter.class, "none"),
          "otlp",
          "otlp: sent to the endpoint, where one is set; prometheus: served on the port of"
              + " prometheus_export, or on 9464 where that is 0; both, separated by a comma; or"
              + " none. A port that is set is served whatever this says.",
          exactly("OTEL_METRICS_EXPORTER"));

  /** In the order of the reference file. */
  static final List<Option<?>> ALL =
      Stream.<List<Option<?>>>of(
              OTLP.all,
              List.of(
                  OTLP_DISABLED,
                  OTLP_BACKOFF_INITIAL,
                  OTLP_BACKOFF_MAX,
                  OTLP_BACKOFF_MAX_ELAPSED,
                  OTLP_PARKED,
                  OTLP_MAX_REQUEST_BYTES,
                  OTLP_QUEUE_BYTES,
                  OTLP_QUEUE_DIRECTORY,
                  OTLP_QUEUE_DISK_BYTES),
              OTLP_TRACES.all,
              List.of(
                  TRACES_EXPORTERS,
                  TRACES_QUEUE_SIZE,
                  TRACES_BATCH_SIZE,
                  TRACES_BATCH_TIMEOUT,
                  MetricsKeys.TRACES_INSTRUMENTATIONS,
                  TraceKeys.SAMPLER_NAME,
                  TraceKeys.SAMPLER_ARG),
              OTLP_METRICS.all,
              List.of(METRICS_EXPORTERS, METRICS_INTERVAL),
              MetricsKeys.OTLP)
          .flatMap(List::stream)
          .toList();

  /** Values of OTEL_TRACES_EXPORTER. */
  enum TracesExporter {
    OTLP,
    CONSOLE
  }

  /** Values of OTEL_METRICS_EXPORTER. */
  enum MetricsExporter {
    OTLP,
    PROMETHEUS
  }

  private OtlpKeys() {}
}
