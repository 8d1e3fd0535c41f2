package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A real Collector, with what sonde collector prints and with our files for it,")
class CompanionIT {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL";
  private static final String TRACES = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  private static final String METRICS = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
  private static final String PROMETHEUS = "BEYLA_PROMETHEUS_PORT";
  private static final String CERTIFICATE = "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE";
  private static final String KEY = "OTEL_EXPORTER_OTLP_CLIENT_KEY";
  private static final String INTERVAL = "OTEL_METRIC_EXPORT_INTERVAL";

  /** Every variable that the files ask for. */
  private static final Map<String, String> BACK_ENDS =
      Map.ofEntries(
          Map.entry("TRACES_ENDPOINT", "http://127.0.0.1:1"),
          Map.entry("METRICS_ENDPOINT", "http://127.0.0.1:2"),
          Map.entry("SONDE_OTLP_CERT_FILE", "/etc/otelcol/cert.pem"),
          Map.entry("SONDE_OTLP_KEY_FILE", "/etc/otelcol/key.pem"),
          Map.entry("SONDE_OTLP_CLIENT_CA_FILE", "/etc/otelcol/ca.pem"),
          Map.entry("SONDE_OTLP_USER", "sonde"),
          Map.entry("SONDE_OTLP_PASSWORD", "secret"),
          Map.entry("SONDE_OTLP_TOKEN", "secret"),
          Map.entry("TEMPO_ENDPOINT", "http://127.0.0.1:1"),
          Map.entry("TEMPO_USER", "tempo"),
          Map.entry("TEMPO_PASSWORD", "secret"),
          Map.entry("MIMIR_ENDPOINT", "http://127.0.0.1:2/api/v1/push"),
          Map.entry("MIMIR_USER", "mimir"),
          Map.entry("MIMIR_PASSWORD", "secret"));

  @TempDir Path folder;

  @BeforeAll
  static void aCollectorMustBeBuilt() {
    GoModules.assumeGoBuildsThem();
  }

  static Stream<Map<String, String>> configurations() {
    return Stream.of(
        Map.of(ENDPOINT, "http://127.0.0.1:4317"),
        Map.of(ENDPOINT, "http://[::1]:4318/otlp"),
        Map.of(ENDPOINT, "unix://@sonde-$otlp"),
        Map.of(ENDPOINT, "unix:///run/sonde otlp.sock", PROTOCOL, "http/protobuf"),
        Map.of(ENDPOINT, "https://localhost:4317", CERTIFICATE, "/a.pem", KEY, "/a.key"),
        Map.of(ENDPOINT, "https://otlp.example.com:4317"),
        Map.of(TRACES, "http://localhost:4317", METRICS, "http://localhost:4318"),
        Map.of(TRACES, "http://localhost:4317", PROMETHEUS, "9400"),
        Map.of(PROMETHEUS, "9400", "BEYLA_PROMETHEUS_PATH", "/m/${x}$"));
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void acceptsWhatIsPrintedForAConfiguration(Map<String, String> env) throws IOException {
    assertValid(printed(env));
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Paths.root().resolve("alloy-config/collector"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void acceptsOurFile(Path file) {
    assertValid(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"basic { username = sonde, password = secret }", "bearer_token = secret"})
  void acceptsWhatIsPrintedWhereSondeAuthenticatesItself(String auth) throws IOException {
    Path conf =
        Files.writeString(
            folder.resolve("sonde.conf"),
            "otel_export { endpoint = \"unix://@sonde-otlp\", auth { " + auth + " } }");
    assertValid(printed(Map.of("BEYLA_CONFIG_PATH", conf.toString())));
  }

  @Test
  void receivesWhatSondePushes() throws IOException {
    assertReceived(Map.of(ENDPOINT, "http://127.0.0.1:" + Ports.free(), PROTOCOL, "grpc"));
  }

  @Test
  void receivesWhatSondePushesThroughTheSocketOfOurExamples() throws IOException {
    assertReceived(Map.of(ENDPOINT, "unix://@sonde-otlp"));
  }

  /** A series keeps its own job, of which the Collector makes the service's name. */
  @Test
  void scrapesWhatSondeServes() throws IOException {
    assertReceived(Map.of(TRACES, "http://127.0.0.1:" + Ports.free(), PROTOCOL, "grpc"));
  }

  /** From Sonde by the printed file to another Collector, which writes down what it is sent. */
  private void assertReceived(Map<String, String> pushed) throws IOException {
    Map<String, String> env = new HashMap<>(pushed);
    env.put(INTERVAL, "1000");
    try (Collector backEnd = Collector.start(folder);
        WebServer server = WebServer.start(WebServer.Kind.GO, folder)) {
      env.put("BEYLA_OPEN_PORT", Integer.toString(server.port()));
      try (Sonde sonde = Sonde.start(folder, env)) {
        env.put(PROMETHEUS, Integer.toString(sonde.prometheusPort()));
        try (Program collector = collector(printed(env), backEnd)) {
          assertArrives(server, backEnd, collector);
        }
        assertThat(sonde.program().isAlive()).isTrue();
      }
    }
  }

  private void assertArrives(WebServer server, Collector backEnd, Program collector) {
    Http.curl(folder, server.url("/hello"));
    await("the span behind the Collector")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(backEnd.spans())
                    .as(collector.errors())
                    .anyMatch(span -> "/hello".equals(span.attributes().get("url.path"))));
    await("the metric behind the Collector")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(backEnd.histogramPoints())
                    .as(collector.errors())
                    .anyMatch(
                        point ->
                            point.metric().startsWith("http")
                                && point.count() == 1
                                && "go-server".equals(point.resource().get("service.name"))));
  }

  private Program collector(Path config, Collector backEnd) {
    Program program =
        Program.start(
            "companion",
            folder,
            Map.of(
                "TRACES_ENDPOINT", backEnd.httpEndpoint(),
                "METRICS_ENDPOINT", backEnd.httpEndpoint()),
            List.of(GoModules.collector(), "--config", config.toString()));
    program.awaitLine("Everything is ready");
    return program;
  }

  /** The file as {@code sonde collector} prints it. */
  private Path printed(Map<String, String> env) throws IOException {
    return Files.writeString(folder.resolve("printed.yaml"), ended(0, "collector", env));
  }

  @Test
  void alloyGetsTheSameInItsOwnLanguage() {
    assertThat(ended(0, "alloy", Map.of(ENDPOINT, "http://127.0.0.1:4317")))
        .startsWith("// Receives what this Sonde sends.")
        .contains("otelcol.receiver.otlp \"sonde\"", "endpoint = \"127.0.0.1:4317\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"alloy", "collector"})
  void whereNothingIsSentNothingIsPrinted(String command) {
    assertThat(ended(2, command, Map.of("BEYLA_TRACE_PRINTER", "text")))
        .contains("set otel_export.endpoint", "prometheus_export.port")
        .doesNotContain("receiver");
  }

  /** Runs to the end; returns all it said. */
  private String ended(int exit, String command, Map<String, String> env) {
    Map<String, String> all = new HashMap<>(env);
    all.putIfAbsent("BEYLA_OPEN_PORT", "80");
    try (Program sonde =
        Program.start("sonde", folder, all, List.of(Paths.launcher().toString(), command))) {
      assertThat(sonde.awaitExit(Duration.ofSeconds(20))).as(sonde.everything()).isEqualTo(exit);
      return sonde.output() + sonde.errors();
    }
  }

  private void assertValid(Path config) {
    List<String> validate =
        List.of(GoModules.collector(), "validate", "--config", config.toString());
    try (Program collector = Program.start("validate", folder, BACK_ENDS, validate)) {
      assertThat(collector.awaitExit(Duration.ofSeconds(20))).as(collector.everything()).isZero();
    }
  }
}
