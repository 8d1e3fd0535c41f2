package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.beyla;
import static io.sonde.launcher.config.EnvironmentVariable.beylaAndPlain;
import static io.sonde.launcher.config.EnvironmentVariable.sonde;

import io.sonde.contract.log.LogFormat;
import io.sonde.pipeline.PipelineConfig.SelfMetricsOutput;
import java.util.List;
import java.util.Set;

/** What Sonde tells of itself. */
final class SelfKeys {
  static final Option<Set<SelfMetricsOutput>> SELF_METRICS =
      Option.of(
          "internal_metrics.exporter",
          ChoiceTypes.choices(SelfMetricsOutput.class, "disabled"),
          "prometheus",
          "Where Sonde tells its own metrics: prometheus, on the page of prometheus_export where"
              + " there is one; otel, with the metrics that go over OTLP; \"prometheus,otel\" for"
              + " both; disabled.",
          beyla("INTERNAL_METRICS_EXPORTER"));

  static final Option<Integer> HEALTH_PORT =
      Option.of(
          "health_check.port",
          NumberTypes.number(0, 65535),
          "0",
          "Answer health checks on this port, as a Collector's health_check extension does; 0 for"
              + " none. A Collector on this host has 13133. /ready says whether a capture is"
              + " connected and no endpoint refuses what is sent, /status what is wrong.",
          beyla("HEALTH_CHECK_PORT"));

  static final Option<String> HEALTH_HOST =
      Option.of(
          "health_check.listen_address",
          TextTypes.TEXT,
          "\"127.0.0.1\"",
          "Address to listen on; \"0.0.0.0\" where a kubelet or a load balancer asks.",
          beyla("HEALTH_CHECK_LISTEN_ADDRESS"));

  static final Option<String> HEALTH_PATH =
      Option.of(
          "health_check.path",
          TextTypes.HTTP_PATH,
          "\"/\"",
          "Where on that port it is said whether Sonde runs.",
          sonde("HEALTH_CHECK_PATH"));

  static final Option<LogLevel> LOG_LEVEL =
      Option.of(
          "log_level",
          ChoiceTypes.choice(LogLevel.class, name -> name),
          "info",
          "Least severe log messages on standard error: debug, info, warn or error.",
          beylaAndPlain("LOG_LEVEL"));

  static final Option<LogFormat> LOG_FORMAT =
      Option.of(
          "log_format",
          ChoiceTypes.choice(LogFormat.class, name -> name),
          "text",
          "text: logfmt, as Alloy writes it; json: one object a line, with the keys of a"
              + " Collector's.",
          beyla("LOG_FORMAT"));

  /** In the order of the reference file. */
  static final List<Option<?>> ALL =
      List.of(SELF_METRICS, HEALTH_PORT, HEALTH_HOST, HEALTH_PATH, LOG_LEVEL, LOG_FORMAT);

  private SelfKeys() {}
}
