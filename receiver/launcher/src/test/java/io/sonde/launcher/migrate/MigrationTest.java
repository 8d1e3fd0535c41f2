package io.sonde.launcher.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.launcher.config.ConfigReader;
import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.config.Half;
import io.sonde.launcher.config.SondeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationTest {
  @TempDir Path dir;

  private static String migrate(String yaml) throws ConfigurationException {
    return Migration.of("beyla.yml", yaml).lines().skip(1).reduce("", (a, b) -> a + b + "\n");
  }

  private SondeConfig accepted(String conf) throws Exception {
    Path file = Files.writeString(dir.resolve("sonde.conf"), conf);
    return ConfigReader.read(file, null, Map.of(), EnumSet.noneOf(Half.class), new ArrayList<>());
  }

  @Test
  void whatIsTheSameKeepsItsNameAndWhatIsNotGetsOurs() throws Exception {
    String conf =
        migrate(
            """
            open_port: 8080-8090
            trace_printer: text
            log_level: DEBUG
            otel_traces_export:
              endpoint: http://localhost:4318
              insecure_skip_verify: true
            prometheus_export:
              port: 9400
            """);
    assertThat(conf)
        .isEqualTo(
            """
            discovery.open_port = "8080-8090"
            trace_printer = "text"
            log_level = "DEBUG"
            otel_traces_export.endpoint = "http://localhost:4318"
            # otel_traces_export.insecure_skip_verify: for traces and metrics alike
            otel_export.tls.insecure_skip_verify = true
            prometheus_export.port = 9400
            """);
    SondeConfig config = accepted(conf);
    assertThat(config.pipeline().prometheus().orElseThrow().port()).isEqualTo(9400);
    assertThat(config.selection().instrument()).hasSize(1);
  }

  @Test
  void whatHasNoEffectStaysWithTheReason() throws Exception {
    String conf =
        migrate(
            """
            ebpf:
              wakeup_len: 100
              track_request_headers: true
            attributes:
              select:
                "*": {include: ["*"]}
              kubernetes:
                enable: true
            nodejs:
            open_prot: 80
            prometheus_export: {port: 70000}
            """);
    assertThat(conf.lines())
        .allMatch(line -> line.startsWith("# "))
        .anyMatch(line -> line.startsWith("# ebpf.wakeup_len = 100: capture is not woken"))
        .contains("# attributes.kubernetes.enable = true: Kubernetes metadata come later")
        .contains("# open_prot = 80: Beyla does not know it either, perhaps open_port is meant")
        .contains("# prometheus_export.port = 70000: it must be a number from 0 to 65535")
        .hasSize(6);
    accepted(conf);
  }

  @Test
  void whatTheEnvironmentSaysIsLeftToIt() throws Exception {
    String conf =
        migrate(
            """
            otel_traces_export:
              endpoint: http://${COLLECTOR_HOST}:4318
            otel_metrics_export:
              endpoint: ${env:METRICS_ENDPOINT:-http://localhost:4318}
            service_name: price$$tag
            """);
    assertThat(conf)
        .isEqualTo(
            """
            otel_traces_export.endpoint = "http://"${?COLLECTOR_HOST}":4318"
            otel_metrics_export.endpoint = "http://localhost:4318"
            otel_metrics_export.endpoint = ${?METRICS_ENDPOINT}
            service_name = "price$tag"
            """);
    assertThat(accepted(conf.lines().skip(1).reduce("", (a, b) -> a + b + "\n")).pipeline())
        .satisfies(
            pipeline ->
                assertThat(pipeline.otlpMetrics().orElseThrow().endpoint())
                    .hasToString("http://localhost:4318/v1/metrics"));
  }

  @Test
  void rulesOfDiscoveryStayRulesUnlessTheyWouldSelectTooMuch() throws Exception {
    String conf =
        migrate(
            """
            discovery:
              instrument:
                - open_ports: 80,443
                  exe_path: "*/nginx"
                  name: edge
                  exports: [traces]
                  sampler:
                    name: traceidratio
                    arg: "0.1"
                - exe_path: "*"
                  k8s_namespace: shop
              exclude_instrument:
                - exe_path: "*/curl"
            """);
    assertThat(conf)
        .contains(
            """
            discovery.instrument = [
              { open_ports = "80,443", exe_path = "*/nginx", name = "edge", exports = ["traces"], sampler.name = "traceidratio", sampler.arg = 0.1 }
            ]
            """,
            "# discovery.instrument has an entry that has no effect here: { exe_path = \"*\" }\n",
            "# discovery.instrument: k8s_namespace = \"shop\": ",
            "discovery.exclude_instrument = [\n  { exe_path = \"*/curl\" }\n]\n");
    assertThat(accepted(conf).selection().instrument()).hasSize(1);
  }

  /** In the forms that its documentation and its own tests use. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing but a comment\n",
        "print_traces: true\n",
        "ebpf:\n  open_port: 443\notel_metrics_export:\n  endpoint: http://localhost:4318\n",
        "routes:\n  patterns:\n    - /smoke\n    - /user/:id\n  ignored_patterns: [/health]\n"
            + "  ignore_mode: traces\n  unmatched: path\n",
        "otel_metrics_export:\n  features: [network, application_span]\n  interval: 10s\n"
            + "  buckets:\n    duration_histogram: [0, 0.1, 1]\n  histogram_aggregation:"
            + " base2_exponential_bucket_histogram\n",
        "discovery:\n  services:\n    - exe_path: (pingclient|backend)\n    - open_ports:"
            + " 8080-8089\n      name: x\n  exclude_services:\n    - exe_path: curl\n",
        "attributes:\n  kubernetes:\n    enable: autodetect\n    cluster_name: c\n  select:\n"
            + "    beyla_network_flow_bytes:\n      include: [k8s.*, iface]\nnetwork:\n"
            + "  enable: true\n  cidrs: [10.0.0.0/8, {cidr: 10.1.0.0/16, name: a}]\n",
        "prometheus_export:\n  port: 8999\n  path: /metrics\n  ttl: 1s\n  features:\n    - all\n"
            + "internal_metrics:\n  prometheus:\n    port: 8999\n    path: /internal/metrics\n",
        "internal_metrics: {exporter: otel}\notel_metrics_export: {endpoint: 'http://c:4317'}\n",
        "filter:\n  application:\n    url_path:\n      match: '{/a,/b}'\n  network: {}\n"
            + "name_resolver:\n  sources: [k8s, dns]\n  cache_len: 1024\n",
        "grafana:\n  otlp:\n    cloud_zone: prod-eu\n    cloud_submit: [metrics, traces]\n"
            + "    cloud_instance_id: '1'\n    cloud_api_key: ${KEY}\n",
        "base: &b {endpoint: 'http://c:4318'}\notel_traces_export: *b\notel_metrics_export: *b\n",
        "\"a\\nlog_level = x\": 1\ndiscovery: {instrument: [3, {exe_path: '['}], survey:"
            + " [{open_ports: 1}]}\n",
      })
  void whatComesOutIsAccepted(String yaml) throws Exception {
    accepted(migrate(yaml));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a: [1, 2 | beyla.yml:2:1: expected ',' or ']', but got <stream end>: correct the YAML
          - a | beyla.yml:1:1: a mapping is expected: key: value: correct the YAML
          a: 1%na: 2 | beyla.yml:2:1: a is there twice: correct the YAML
          """)
  void whatIsNotYamlIsNamedWithItsPlace(String yaml, String message) {
    assertThatThrownBy(() -> migrate(yaml.replace("%n", "\n") + "\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);
  }

  @Test
  void aFileMadeToHarmIsRefused() {
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      String alias = "*a" + (i - 1);
      laughs.append(
          "a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(9, alias))));
    }
    assertThatThrownBy(() -> migrate(laughs.toString()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Number of aliases");
    String many = "k: " + Collections.nCopies(10_001, "x") + "\n";
    assertThatThrownBy(() -> migrate(many))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("more than 10000 values");
    assertThatThrownBy(() -> migrate("a: " + "[".repeat(100_000)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> migrate("a: &a [*a]\n")).isInstanceOf(ConfigurationException.class);
  }
}
