package io.sonde.launcher.companion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.launcher.config.ConfigReader;
import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.config.SondeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("sonde alloy and sonde collector")
class CompanionTest {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL";
  private static final String TRACES = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  private static final String METRICS = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
  private static final String PROMETHEUS = "BEYLA_PROMETHEUS_PORT";

  @TempDir Path dir;

  static Stream<Map<String, String>> configurations() {
    return Stream.of(
        Map.of(ENDPOINT, "http://127.0.0.1:4317"),
        Map.of(ENDPOINT, "http://[::1]:4318"),
        Map.of(ENDPOINT, "unix://@sonde-otlp"),
        Map.of(ENDPOINT, "unix:///run/a \"b\\c.sock"),
        Map.of(ENDPOINT, "localhost:4317", "OTEL_EXPORTER_OTLP_INSECURE", "true"),
        Map.of(ENDPOINT, "https://otlp.example.com:4317"),
        Map.of(TRACES, "http://localhost:4317"),
        Map.of(METRICS, "http://localhost/otlp/v1/metrics"),
        Map.of(TRACES, "http://localhost:4317", METRICS, "http://localhost:4318"),
        Map.of(TRACES, "http://localhost:4317", PROMETHEUS, "9400"),
        Map.of(ENDPOINT, "http://localhost:4317", PROMETHEUS, "9400"),
        Map.of(PROMETHEUS, "9400", "BEYLA_PROMETHEUS_PATH", "/say \"\\metrics$"));
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void whatIsPrintedForAlloyPassesTheChecksOfOurOwnFiles(Map<String, String> env) throws Exception {
    String alloy = Companion.alloy(configured(env));
    assertThat(AlloyForm.problems(alloy)).isEmpty();
    assertThat(AlloyNames.problems(AlloyFile.parse(alloy), Documented.alloy())).isEmpty();
  }

  @Test
  void alloyListensWhereSondeSendsTo() throws Exception {
    assertThat(Companion.alloy(configured(Map.of(ENDPOINT, "http://127.0.0.1:4317"))))
        .isEqualTo(
            """
            // Receives what this Sonde sends. Printed by: sonde alloy
            // In Alloy's environment: TEMPO_ENDPOINT (OTLP over HTTP), MIMIR_ENDPOINT (remote write)

            otelcol.receiver.otlp "sonde" {
            	grpc {
            		endpoint = "127.0.0.1:4317"
            	}

            	output {
            		traces  = [otelcol.processor.batch.sonde.input]
            		metrics = [otelcol.processor.batch.sonde.input]
            	}
            }

            otelcol.processor.batch "sonde" {
            	output {
            		traces  = [otelcol.exporter.otlphttp.tempo.input]
            		metrics = [otelcol.exporter.prometheus.mimir.input]
            	}
            }

            otelcol.exporter.otlphttp "tempo" {
            	client {
            		endpoint = sys.env("TEMPO_ENDPOINT")
            	}
            }

            otelcol.exporter.prometheus "mimir" {
            	forward_to = [prometheus.remote_write.mimir.receiver]
            }

            prometheus.remote_write "mimir" {
            	endpoint {
            		url = sys.env("MIMIR_ENDPOINT")
            	}
            }
            """);
  }

  @Test
  void aCollectorListensWhereSondeSendsTo() throws Exception {
    assertThat(
            Companion.collector(
                configured(Map.of(TRACES, "http://127.0.0.1:4317", PROMETHEUS, "9400"))))
        .isEqualTo(
            """
            # Receives what this Sonde sends. Printed by: sonde collector
            # In the Collector's environment: TRACES_ENDPOINT and METRICS_ENDPOINT (OTLP over HTTP, without /v1/…)
            receivers:
              otlp/sonde:
                protocols:
                  grpc:
                    endpoint: "127.0.0.1:4317"
              prometheus/sonde:
                config:
                  scrape_configs:
                    - job_name: sonde
                      honor_labels: true
                      metrics_path: "/metrics"
                      scrape_interval: 60s
                      scrape_timeout: 60s
                      static_configs:
                        - targets: ["127.0.0.1:9400"]
            exporters:
              otlphttp/traces:
                endpoint: ${env:TRACES_ENDPOINT}
              otlphttp/metrics:
                endpoint: ${env:METRICS_ENDPOINT}
            service:
              pipelines:
                traces:
                  receivers: [otlp/sonde]
                  exporters: [otlphttp/traces]
                metrics:
                  receivers: [prometheus/sonde]
                  exporters: [otlphttp/metrics]
            """);
  }

  @Test
  void aUnixSocketIsListenedToAsItIsNamed() throws Exception {
    SondeConfig abstractName = configured(Map.of(ENDPOINT, "unix://@sonde-otlp"));
    assertThat(Companion.alloy(abstractName))
        .contains("endpoint  = \"@sonde-otlp\"\n\t\ttransport = \"unix\"");
    assertThat(Companion.collector(abstractName))
        .contains("endpoint: \"@sonde-otlp\"\n        transport: unix\n");
    assertThat(Companion.alloy(configured(Map.of(ENDPOINT, "unix:///run/otlp.sock"))))
        .contains("endpoint  = \"/run/otlp.sock\"");
  }

  @Test
  void alloyCannotListenToAUnixSocketOverHttp() throws Exception {
    SondeConfig config =
        configured(Map.of(ENDPOINT, "unix://@sonde-otlp", PROTOCOL, "http/protobuf"));
    assertThatThrownBy(() -> Companion.alloy(config))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("set otel_export.protocol = grpc");
    assertThat(Companion.collector(config)).contains("http:\n        endpoint: \"@sonde-otlp\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"basic { username = u, password = s3cret }", "bearer_token = s3cret"})
  void whatAuthenticatesSondeIsAskedForButNotPrinted(String auth) throws Exception {
    Path file =
        Files.writeString(
            dir.resolve("sonde.conf"),
            "otel_export { endpoint = \"https://localhost:4317\", auth { " + auth + " } }");
    SondeConfig config =
        ConfigReader.read(file, null, Map.of("BEYLA_OPEN_PORT", "80"), new ArrayList<>());
    String alloy = Companion.alloy(config);
    assertThat(AlloyForm.problems(alloy)).isEmpty();
    assertThat(AlloyNames.problems(AlloyFile.parse(alloy), Documented.alloy())).isEmpty();
    assertThat(alloy).contains("auth     = otelcol.auth.b", "SONDE_OTLP_").doesNotContain("s3cret");
    assertThat(Companion.collector(config))
        .contains("authenticator: b", "extensions: [b", "${env:SONDE_OTLP_")
        .doesNotContain("s3cret");
  }

  @Test
  void whoShowsACertificateIsAskedForIt() throws Exception {
    SondeConfig config =
        configured(
            Map.of(
                ENDPOINT,
                "https://localhost:4317",
                "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
                "/etc/sonde/host.pem",
                "OTEL_EXPORTER_OTLP_CLIENT_KEY",
                "/etc/sonde/host.key"));
    assertThat(Companion.alloy(config))
        .contains("client_ca_file = sys.env(\"SONDE_OTLP_CLIENT_CA_FILE\")");
    assertThat(Companion.collector(config))
        .contains("client_ca_file: ${env:SONDE_OTLP_CLIENT_CA_FILE}");
  }

  @Test
  void signalsToDifferentPlacesHaveAReceiverEach() throws Exception {
    SondeConfig config =
        configured(
            Map.of(TRACES, "http://localhost:4317", METRICS, "http://localhost/otlp/v1/metrics"));
    assertThat(Companion.alloy(config))
        .contains("otelcol.receiver.otlp \"sonde_traces\" {\n\tgrpc {")
        .contains("otelcol.receiver.otlp \"sonde_metrics\" {\n\thttp {")
        .contains("\"localhost:80\"", "metrics_url_path = \"/otlp/v1/metrics\"");
    assertThat(Companion.collector(config))
        .contains("receivers: [otlp/sonde_traces]", "receivers: [otlp/sonde_metrics]");
  }

  @Test
  void metricsThatArePushedAreNotScrapedToo() throws Exception {
    SondeConfig config = configured(Map.of(ENDPOINT, "http://localhost:4317", PROMETHEUS, "9400"));
    assertThat(Companion.alloy(config)).contains("// Not scraped too").doesNotContain("scrape \"");
    assertThat(Companion.collector(config)).contains("# Not scraped").doesNotContain("prometheus/");
  }

  @Test
  void aScrapeKeepsTheLabelsOfTheObservedServices() throws Exception {
    SondeConfig config =
        configured(Map.of(PROMETHEUS, "9400", "OTEL_METRIC_EXPORT_INTERVAL", "1500"));
    assertThat(Companion.alloy(config))
        .contains(
            "honor_labels    = true",
            "scrape_interval = \"1500ms\"",
            "__address__ = \"127.0.0.1:9400\"")
        .doesNotContain("otelcol.");
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 127.0.0.1:9400",
    "'::', [::1]:9400",
    "'fd00::7', [fd00::7]:9400",
    "host.example, host.example:9400"
  })
  void aScrapeGoesToWhereSondeServes(String host, String address) throws Exception {
    Path file =
        Files.writeString(
            dir.resolve("sonde.conf"),
            "prometheus_export { port = 9400, host = \"" + host + "\" }");
    SondeConfig config =
        ConfigReader.read(file, null, Map.of("BEYLA_OPEN_PORT", "80"), new ArrayList<>());
    assertThat(Companion.alloy(config)).contains("__address__ = \"" + address + "\"");
    assertThat(Companion.collector(config)).contains("targets: [\"" + address + "\"]");
  }

  @Test
  void anotherHostIsNamed() throws Exception {
    SondeConfig config = configured(Map.of(ENDPOINT, "https://otlp.example.com:4317"));
    assertThat(Companion.alloy(config))
        .containsOnlyOnce(
            "// Sonde sends to otlp.example.com: this is for the one that runs there.")
        .contains("endpoint = \"0.0.0.0:4317\"", "cert_file = sys.env(\"SONDE_OTLP_CERT_FILE\")");
  }

  @Test
  void secretsAreNotPrinted() throws Exception {
    SondeConfig config =
        configured(
            Map.of(
                ENDPOINT,
                "http://localhost:4318",
                "OTEL_EXPORTER_OTLP_HEADERS",
                "authorization=Basic%20c2VjcmV0"));
    assertThat(Companion.alloy(config) + Companion.collector(config)).doesNotContain("c2VjcmV0");
  }

  @Test
  void withoutAnywhereToSendToThereIsNothingToPrint() throws Exception {
    SondeConfig config = configured(Map.of("BEYLA_TRACE_PRINTER", "text"));
    assertThatThrownBy(() -> Companion.alloy(config))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("otel_export.endpoint")
        .hasMessageContaining("prometheus_export.port");
    assertThatThrownBy(() -> Companion.collector(config))
        .isInstanceOf(ConfigurationException.class);
  }

  private static SondeConfig configured(Map<String, String> variables)
      throws ConfigurationException {
    Map<String, String> all = new HashMap<>(variables);
    all.put("BEYLA_OPEN_PORT", "80");
    all.putIfAbsent(PROTOCOL, "");
    return ConfigReader.read(null, null, all, new ArrayList<>());
  }
}
