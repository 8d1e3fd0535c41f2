package io.sonde.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sonde.contract.log.LogFormat;
import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.PipelineConfig.SelfMetricsOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How Sonde tells of itself: metrics, health, log. */
class SelfReportOptionsTest {
  private final List<String> warnings = new ArrayList<>();

  private SondeConfig with(Map<String, String> variables) throws ConfigurationException {
    Map<String, String> environment = new TreeMap<>(variables);
    environment.put("BEYLA_OPEN_PORT", "80");
    environment.put("BEYLA_TRACE_PRINTER", "text");
    return ConfigReader.read(null, null, environment, warnings);
  }

  private List<String> problems(Map<String, String> variables) {
    return catchThrowableOfType(ConfigurationException.class, () -> with(variables)).problems();
  }

  @Test
  void ofItselfItTellsOnThePrometheusPageAloneUnlessToldOtherwise() throws Exception {
    SondeConfig config = with(Map.of());
    assertThat(config.pipeline().selfMetrics()).containsExactly(SelfMetricsOutput.PROMETHEUS);
    assertThat(config.pipeline().health()).isEmpty();
    assertThat(config.logFormat()).isEqualTo(LogFormat.TEXT);
  }

  @Test
  void beylasVariablesWork() throws Exception {
    SondeConfig config =
        with(
            Map.of(
                "BEYLA_INTERNAL_METRICS_EXPORTER", "otel",
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317",
                "BEYLA_HEALTH_CHECK_PORT", "13134",
                "OTEL_EBPF_HEALTH_CHECK_LISTEN_ADDRESS", "0.0.0.0",
                "BEYLA_LOG_FORMAT", "JSON"));
    assertThat(config.pipeline().selfMetrics()).containsExactly(SelfMetricsOutput.OTEL);
    assertThat(config.pipeline().health())
        .contains(new PipelineConfig.Health("0.0.0.0", 13134, "/"));
    assertThat(config.logFormat()).isEqualTo(LogFormat.JSON);
    assertThat(warnings).isEmpty();
  }

  @Test
  void selfMetricsMayGoToBothOrNowhere() throws Exception {
    assertThat(
            with(Map.of(
                    "BEYLA_INTERNAL_METRICS_EXPORTER", "prometheus, otel",
                    "OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317"))
                .pipeline()
                .selfMetrics())
        .containsExactlyInAnyOrder(SelfMetricsOutput.values());
    assertThat(with(Map.of("BEYLA_INTERNAL_METRICS_EXPORTER", "disabled")).pipeline().selfMetrics())
        .isEmpty();
  }

  @Test
  void whatCannotWorkIsNamed() {
    assertThat(problems(Map.of("BEYLA_INTERNAL_METRICS_EXPORTER", "disabled,otel")))
        .singleElement()
        .asString()
        .contains("it must be disabled, or any of prometheus, otel, separated by commas");
    assertThat(problems(Map.of("BEYLA_INTERNAL_METRICS_EXPORTER", "otel")))
        .singleElement()
        .asString()
        .contains("internal_metrics.exporter is otel", "OTEL_EXPORTER_OTLP_ENDPOINT");
    assertThat(problems(Map.of("BEYLA_HEALTH_CHECK_PORT", "9", "BEYLA_PROMETHEUS_PORT", "9")))
        .containsExactly(
            "health_check.port and prometheus_export.port are both 9: each needs a port of its own");
  }
}
