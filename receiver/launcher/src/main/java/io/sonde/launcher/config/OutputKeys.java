package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.beyla;
import static io.sonde.launcher.config.EnvironmentVariable.exactly;

import io.sonde.pipeline.PipelineConfig.TracePrinter;
import java.util.List;
import java.util.stream.Stream;

/** Outputs that others come for: printed traces and the Prometheus page. */
final class OutputKeys {
  static final Option<TracePrinter> TRACE_PRINTER =
      Option.of(
          "trace_printer",
          ChoiceTypes.choice(TracePrinter.class, name -> name),
          "disabled",
          "Print a line for every request on standard output: text, json, json_indent, counter or"
              + " disabled.",
          beyla("TRACE_PRINTER"));

  static final Option<Integer> PROMETHEUS_PORT =
      Option.of(
          "prometheus_export.port",
          NumberTypes.number(0, 65535),
          "0",
          "Serve metrics to Prometheus on this port; 0 for none.",
          beyla("PROMETHEUS_PORT"),
          exactly("OTEL_EXPORTER_PROMETHEUS_PORT"));

  static final Option<String> PROMETHEUS_PATH =
      Option.of(
          "prometheus_export.path",
          TextTypes.HTTP_PATH,
          "\"/metrics\"",
          "Where on that port.",
          beyla("PROMETHEUS_PATH"));

  static final Option<String> PROMETHEUS_HOST =
      Option.of(
          "prometheus_export.host",
          TextTypes.TEXT,
          "\"0.0.0.0\"",
          "Address to listen on; \"127.0.0.1\" for this host alone.",
          exactly("OTEL_EXPORTER_PROMETHEUS_HOST"));

  /** In the order of the reference file. */
  static final List<Option<?>> ALL =
      Stream.concat(
              Stream.of(TRACE_PRINTER, PROMETHEUS_PORT, PROMETHEUS_PATH, PROMETHEUS_HOST),
              MetricsKeys.PROMETHEUS.stream())
          .toList();

  private OutputKeys() {}
}
