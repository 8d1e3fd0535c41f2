package io.sonde.launcher.config;

import java.util.Set;

/** Which keys can be changed while Sonde runs. All that are not listed take a restart. */
final class LiveKeys {
  private static final Set<String> SECTIONS =
      Set.of(
          "discovery",
          "prometheus_export",
          "health_check",
          "routes",
          "otel_export",
          "otel_traces_export",
          "otel_metrics_export");

  private static final Set<String> KEYS =
      Set.of(
          OutputKeys.TRACE_PRINTER.key(),
          TraceKeys.QUEUE_THRESHOLD.key(),
          ServiceKeys.SERVICE_NAME.key(),
          ServiceKeys.RESOURCE_ATTRIBUTES.key(),
          SelfKeys.LOG_LEVEL.key());

  /** Of those sections: what sizes queues and series, or says what is counted. */
  private static final Set<String> FIXED_PREFIXES =
      Set.of(
          "otel_export.queue.",
          "routes.state_directory",
          "otel_metrics_export.histogram_aggregation",
          "otel_metrics_export.exponential_histogram",
          "otel_metrics_export.exporters",
          "otel_metrics_export.features",
          "otel_metrics_export.instrumentations",
          "otel_metrics_export.buckets",
          "otel_metrics_export.ttl",
          "otel_metrics_export.temporality",
          "otel_traces_export.instrumentations",
          "otel_traces_export.exporters",
          "otel_traces_export.queue_size",
          "otel_traces_export.max_queue_size",
          "otel_traces_export.batch",
          "otel_traces_export.max_export_batch_size",
          "prometheus_export.features",
          "prometheus_export.instrumentations",
          "prometheus_export.buckets",
          "prometheus_export.native_histogram",
          "prometheus_export.ttl",
          "prometheus_export.created_samples");

  private LiveKeys() {}

  static boolean contains(Option<?> option) {
    return KEYS.contains(option.key())
        || SECTIONS.contains(option.section())
            && FIXED_PREFIXES.stream().noneMatch(option.key()::startsWith);
  }
}
