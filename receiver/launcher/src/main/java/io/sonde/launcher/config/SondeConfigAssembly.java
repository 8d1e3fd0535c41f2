package io.sonde.launcher.config;

import io.sonde.launcher.config.OtlpKeys.MetricsExporter;
import io.sonde.launcher.config.OtlpKeys.TracesExporter;
import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.PipelineConfig.TracePrinter;
import io.sonde.pipeline.export.otlp.request.Signal;
import io.sonde.pipeline.identity.SamplerSetting;
import io.sonde.pipeline.identity.SdkCoexistence;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** From single values to the whole, with the checks that need more than one of them. */
final class SondeConfigAssembly {
  /** Default of OTEL_EXPORTER_PROMETHEUS_PORT. */
  private static final int OTEL_PROMETHEUS_PORT = 9464;

  private SondeConfigAssembly() {}

  /**
   * @param warnings receives what deserves to be logged
   */
  static SondeConfig assemble(
      Values values, Set<Half> halves, List<String> problems, List<String> warnings) {
    SondeConfig.Selection selection = DiscoveryRules.of(values, problems, warnings);
    PipelineConfig pipeline =
        pipeline(values, selection, new OtlpSettings(values, problems), warnings);
    if (halves.contains(Half.CAPTURE)) {
      checkSelection(selection, problems);
    }
    if (halves.contains(Half.RECEIVER)) {
      if (values.get(OtlpKeys.OTLP_DISABLED)) {
        warnings.add("otel_export.disabled (OTEL_SDK_DISABLED) is true: nothing goes over OTLP");
      }
      checkExporters(pipeline, problems);
    }
    if (halves.contains(Half.RECEIVER) || halves.contains(Half.RECORDER)) {
      checkSelfMetrics(pipeline, problems);
      checkPorts(pipeline, problems);
    }
    return new SondeConfig(
        selection,
        new SondeConfig.Capture(
            values.get(CaptureKeys.REQUEST_BYTES),
            values.get(CaptureKeys.RESPONSE_BYTES),
            values.get(CaptureKeys.RING_BYTES),
            values.get(CaptureKeys.MAX_CONNECTIONS),
            values.get(DecodeKeys.TLS),
            !values.get(DiscoveryKeys.SKIP_GO_SPECIFIC_TRACERS),
            !values.get(DiscoveryKeys.DISABLED_ROUTE_HARVESTERS).contains("go"),
            values.get(CaptureKeys.HOSTNAME)),
        new SondeConfig.Receiver(
            values.get(ReceiverKeys.SOCKET), values.get(ReceiverKeys.ALLOWED_UIDS)),
        pipeline,
        values.get(SelfKeys.LOG_LEVEL),
        values.get(SelfKeys.LOG_FORMAT),
        values.origins());
  }

  private static PipelineConfig pipeline(
      Values values, SondeConfig.Selection selection, OtlpSettings otlp, List<String> warnings) {
    MetricSettings metrics = new MetricSettings(values, warnings);
    return new PipelineConfig(
        tracePrinter(values),
        prometheus(values),
        metrics.spans().isEmpty() ? Optional.empty() : otlp.of(Signal.TRACES),
        otlp.of(Signal.METRICS),
        values.get(OtlpKeys.METRICS_INTERVAL),
        DecodeKeys.decoding(values),
        Optional.of(values.get(ServiceKeys.SERVICE_NAME)).filter(name -> !name.isEmpty()),
        values.get(ServiceKeys.RESOURCE_ATTRIBUTES),
        selection.instrument().stream()
            .collect(Collectors.toMap(SondeConfig.Rule::id, SondeConfig.Rule::overrides)),
        new SdkCoexistence.Settings(
            values.get(DiscoveryKeys.EXCLUDE_OTEL_INSTRUMENTED_SERVICES),
            values.get(DiscoveryKeys.DEFAULT_OTLP_GRPC_PORT)),
        values.get(TraceKeys.QUEUE_THRESHOLD),
        sampler(values),
        values.get(SelfKeys.SELF_METRICS),
        health(values),
        new PipelineConfig.Limits(
            values.get(CaptureKeys.MAX_CONNECTIONS),
            values.get(LimitsKeys.SERIES),
            values.get(OtlpKeys.TRACES_QUEUE_SIZE),
            values.get(LimitsKeys.ROUTES),
            values.get(LimitsKeys.SPAN_NAMES)),
        exports(values, metrics),
        new PipelineConfig.Routes(
            RoutesKeys.settings(values),
            Optional.ofNullable(values.get(RoutesKeys.STATE_DIRECTORY))));
  }

  private static PipelineConfig.Exports exports(Values values, MetricSettings metrics) {
    return new PipelineConfig.Exports(
        metrics.otlp(),
        metrics.prometheus(),
        new PipelineConfig.SpanBatches(
            Math.min(
                values.get(OtlpKeys.TRACES_BATCH_SIZE), values.get(OtlpKeys.TRACES_QUEUE_SIZE)),
            values.get(OtlpKeys.TRACES_BATCH_TIMEOUT),
            metrics.spans(),
            metrics.naming()));
  }

  private static TracePrinter tracePrinter(Values values) {
    TracePrinter printer = values.get(OutputKeys.TRACE_PRINTER);
    boolean console = values.get(OtlpKeys.TRACES_EXPORTERS).contains(TracesExporter.CONSOLE);
    return console && printer == TracePrinter.DISABLED ? TracePrinter.TEXT : printer;
  }

  private static Optional<PipelineConfig.Prometheus> prometheus(Values values) {
    int set = values.get(OutputKeys.PROMETHEUS_PORT);
    boolean wanted = values.get(OtlpKeys.METRICS_EXPORTERS).contains(MetricsExporter.PROMETHEUS);
    int port = set == 0 && wanted ? OTEL_PROMETHEUS_PORT : set;
    return port == 0
        ? Optional.empty()
        : Optional.of(
            new PipelineConfig.Prometheus(
                values.get(OutputKeys.PROMETHEUS_HOST),
                port,
                values.get(OutputKeys.PROMETHEUS_PATH),
                values.get(MetricsKeys.CREATED_SAMPLES)));
  }

  /** Without an argument the ratio is 1 (OpenTelemetry SDK environment variables). */
  private static SamplerSetting sampler(Values values) {
    Double ratio = values.get(TraceKeys.SAMPLER_ARG);
    return new SamplerSetting(values.get(TraceKeys.SAMPLER_NAME), ratio == null ? 1 : ratio);
  }

  private static Optional<PipelineConfig.Health> health(Values values) {
    int port = values.get(SelfKeys.HEALTH_PORT);
    return port == 0
        ? Optional.empty()
        : Optional.of(
            new PipelineConfig.Health(
                values.get(SelfKeys.HEALTH_HOST), port, values.get(SelfKeys.HEALTH_PATH)));
  }

  private static void checkSelfMetrics(PipelineConfig pipeline, List<String> problems) {
    if (pipeline.selfMetrics().contains(PipelineConfig.SelfMetricsOutput.OTEL)
        && pipeline.otlpMetrics().isEmpty()) {
      problems.add(
          "internal_metrics.exporter is otel, but metrics go nowhere over OTLP: set"
              + " otel_export.endpoint (OTEL_EXPORTER_OTLP_ENDPOINT) or"
              + " otel_metrics_export.endpoint");
    }
  }

  private static void checkPorts(PipelineConfig pipeline, List<String> problems) {
    Optional<Integer> health = pipeline.health().map(PipelineConfig.Health::port);
    if (health.isPresent()
        && health.equals(pipeline.prometheus().map(PipelineConfig.Prometheus::port))) {
      problems.add(
          "health_check.port and prometheus_export.port are both "
              + health.get()
              + ": each needs a port of its own");
    }
  }

  private static void checkSelection(SondeConfig.Selection selection, List<String> problems) {
    if (selection.instrument().isEmpty()) {
      problems.add(
          "nothing is selected to be observed: set discovery.open_port (BEYLA_OPEN_PORT),"
              + " discovery.auto_target_exe (BEYLA_AUTO_TARGET_EXE), discovery.target_pids"
              + " (BEYLA_TARGET_PID) or discovery.instrument");
    }
  }

  private static void checkExporters(PipelineConfig pipeline, List<String> problems) {
    if (pipeline.tracePrinter() == TracePrinter.DISABLED
        && pipeline.prometheus().isEmpty()
        && pipeline.otlpTraces().isEmpty()
        && pipeline.otlpMetrics().isEmpty()) {
      problems.add(
          "you need to define at least one exporter: trace_printer (BEYLA_TRACE_PRINTER),"
              + " prometheus_export.port (BEYLA_PROMETHEUS_PORT), otel_export.endpoint"
              + " (OTEL_EXPORTER_OTLP_ENDPOINT), otel_traces_export.endpoint or"
              + " otel_metrics_export.endpoint");
    }
  }
}
