package io.sonde.pipeline.metrics;

import io.sonde.pipeline.MetricsConfig.Feature;

/** What is counted of spans, by Beyla's names. */
enum SpanCounter {
  CALLS("traces_spanmetrics_calls_total", "Spans.", "", Feature.APPLICATION_SPAN),
  REQUEST_SIZE(
      "traces_spanmetrics_size_total",
      "Bytes of the requests of spans.",
      "By",
      Feature.APPLICATION_SPAN_SIZES),
  RESPONSE_SIZE(
      "traces_spanmetrics_response_size_total",
      "Bytes of the responses of spans.",
      "By",
      Feature.APPLICATION_SPAN_SIZES),
  OTEL_CALLS("traces.span.metrics.calls", "Spans.", "", Feature.APPLICATION_SPAN_OTEL);

  private final String metric;
  private final String description;
  private final String unit;
  private final Feature feature;

  SpanCounter(String metric, String description, String unit, Feature feature) {
    this.metric = metric;
    this.description = description;
    this.unit = unit;
    this.feature = feature;
  }

  String metric() {
    return metric;
  }

  String description() {
    return description;
  }

  /** UCUM. */
  String unit() {
    return unit;
  }

  /** Where this is wanted it is told. */
  Feature feature() {
    return feature;
  }
}
