package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Sonde to Collector; from there to one Prometheus by OTLP, to another by remote write, and to
 * Jaeger. A third Prometheus scrapes Sonde, and must say the same. Asked is only what their users
 * ask: the query APIs.
 */
@DisplayName("A request is found again, behind a real Collector,")
class ChainIT {
  /** How metrics get to Prometheus: from the Collector, or straight from Sonde. */
  enum Way {
    OTLP,
    REMOTE_WRITE,
    SCRAPE
  }

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SERVED = "http_server_request_duration_seconds";
  private static final int FAST = 7;

  /** By the folder of its script. */
  private static final String PYTHON = "python-server";

  private static final int SLOW_MS = 300;

  @TempDir static Path folder;

  private static final Running RUNNING = new Running();
  private static final Map<Way, Prometheus> PROMETHEUS = new EnumMap<>(Way.class);
  private static Jaeger jaeger;
  private static WebServer go;
  private static WebServer nginx;
  private static WebServer python;

  @BeforeAll
  static void requestsAreServedThatTheChainTells() {
    GoModules.assumeGoBuildsThem();
    PROMETHEUS.put(Way.OTLP, RUNNING.add(Prometheus.receiving(folder)));
    PROMETHEUS.put(Way.REMOTE_WRITE, RUNNING.add(Prometheus.receiving(folder)));
    jaeger = RUNNING.add(Jaeger.start(folder));
    Collector collector = RUNNING.add(Collector.absent(folder));
    collector.start(
        "collector-chain.yaml",
        Map.of(
            "@PROMETHEUS_OTLP@", PROMETHEUS.get(Way.OTLP).url(),
            "@PROMETHEUS_WRITE@", PROMETHEUS.get(Way.REMOTE_WRITE).url(),
            "@JAEGER@", jaeger.otlpAddress()));
    go = RUNNING.add(WebServer.start(WebServer.Kind.GO, folder));
    nginx = RUNNING.add(WebServer.nginxBefore(go, folder));
    python = RUNNING.add(WebServer.singleThreadedPython(folder));
    Sonde sonde =
        RUNNING.add(
            Sonde.start(
                folder,
                Map.of(
                    "BEYLA_OPEN_PORT",
                    nginx.port() + "," + go.port() + "," + python.port(),
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    collector.grpcEndpoint(),
                    "OTEL_EXPORTER_OTLP_PROTOCOL",
                    "grpc",
                    "OTEL_METRIC_EXPORT_INTERVAL",
                    "1000",
                    "OTEL_RESOURCE_ATTRIBUTES",
                    "deployment.environment.name=test,service.namespace=chain")));
    PROMETHEUS.put(Way.SCRAPE, RUNNING.add(Prometheus.scraping(folder, sonde.prometheusPort())));

    for (int i = 0; i < FAST; i++) {
      Http.curl(folder, nginx.url("/other/" + i)); // to Go, which knows no such page
    }
    Http.curl(folder, go.url("/delay?ms=" + SLOW_MS));
    askTwoAtATime(python.url("/delay?ms=200"));
  }

  private static void askTwoAtATime(String url) {
    List<String> curl = List.of("curl", "-sS", url);
    try (Program one = Program.start("curl", folder, curl);
        Program two = Program.start("curl", folder, curl)) {
      one.awaitExit(Duration.ofSeconds(10));
      two.awaitExit(Duration.ofSeconds(10));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    RUNNING.end();
  }

  @ParameterizedTest
  @EnumSource
  void inPrometheusCountedExactlyUnderItsLabels(Way way) throws Exception {
    Prometheus metrics = PROMETHEUS.get(way);
    String answered404 = // a sum, since nginx has two processes
        "sum(" + SERVED + "_count{job=\"chain/%s\",http_response_status_code=\"404\"})";
    metrics.awaitValue(String.format(answered404, "nginx"), FAST);
    metrics.awaitValue(String.format(answered404, "go-server"), FAST);
    metrics.awaitValue(
        "sum(http_client_request_duration_seconds_count{job=\"chain/nginx\"})", FAST);
    metrics.awaitValue("sum(" + SERVED + "_count{job=\"chain/go-server\"})", FAST + 1);
    metrics.awaitValue(
        SERVED + "_bucket{job=\"chain/go-server\",http_response_status_code=\"200\",le=\"0.25\"}",
        0);
    metrics.awaitValue(
        SERVED + "_bucket{job=\"chain/go-server\",http_response_status_code=\"200\",le=\"0.5\"}",
        1);

    assertThat(metrics.series(SERVED + "_count{job=\"chain/go-server\"}"))
        .isNotEmpty()
        .allSatisfy(
            series ->
                assertThat(series.labels())
                    .containsEntry("instance", instanceOf(go))
                    .containsEntry("service_name", "go-server")
                    .containsEntry("service_namespace", "chain")
                    .containsEntry("http_request_method", "GET")
                    .containsEntry("url_scheme", "http")
                    .containsKeys("server_address", "server_port"));
  }

  @ParameterizedTest
  @EnumSource
  void inPrometheusWithTheResourceOfItsService(Way way) throws Exception {
    Prometheus metrics = PROMETHEUS.get(way);
    for (WebServer server : List.of(go, python)) {
      metrics.awaitValue("count(target_info{instance=\"" + instanceOf(server) + "\"})", 1);
    }

    assertThat(metrics.series("target_info{job=\"chain/go-server\"}"))
        .singleElement()
        .satisfies(
            info ->
                assertThat(info.labels())
                    .containsEntry("instance", instanceOf(go))
                    .containsEntry("host_name", ThisMachine.hostName())
                    .containsEntry("process_pid", go.program().pid() + "")
                    .containsEntry("telemetry_sdk_language", "go")
                    .containsEntry("deployment_environment_name", "test"));
  }

  @ParameterizedTest
  @EnumSource
  void fromTheExemplarOfASlowBucketToItsSpanInJaeger(Way way) {
    await("an exemplar whose trace Jaeger has")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> {
              Prometheus.Exemplar slow = slowExemplar(PROMETHEUS.get(way));
              Jaeger.Span span = spanOf(slow);
              assertThat(span.service()).isEqualTo("go-server");
              assertThat(span.tags())
                  .containsEntry("url.path", "/delay")
                  .containsEntry("span.kind", "server");
              assertThat(slow.value() * 1e6 - span.durationUs())
                  .as("the same but for the fraction of a microsecond")
                  .isBetween(-0.01, 1.01);
            });
  }

  @Test
  void inJaegerWithTheResourceOfItsService() {
    await("every request in Jaeger")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> {
              assertThat(served("nginx")).hasSize(FAST);
              assertThat(served("go-server")).hasSize(FAST + 1);
              assertThat(served(PYTHON)).hasSize(2);
            });
    served("go-server")
        .forEach(
            span -> {
              assertThat(span.resource())
                  .containsEntry("service.namespace", "chain")
                  .containsEntry("service.instance.id", instanceOf(go))
                  .containsEntry("host.name", ThisMachine.hostName())
                  .containsEntry("process.pid", go.program().pid() + "")
                  .containsEntry("telemetry.sdk.language", "go")
                  .containsEntry("deployment.environment.name", "test");
              assertThat(span.tags())
                  .containsEntry("http.request.method", "GET")
                  .containsEntry("server.port", go.port() + "")
                  .containsKey("http.response.status_code");
            });
    assertThat(spansOf("nginx"))
        .filteredOn(span -> "client".equals(span.tags().get("span.kind")))
        .hasSize(FAST);
  }

  @Test
  void inJaegerWithItsTimeInTheQueueAsAChild() {
    await("the waiting request")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> spansOf(PYTHON).stream().anyMatch(ChainIT::isLongWait));
    List<Jaeger.Span> spans = spansOf(PYTHON);
    Jaeger.Span inQueue = spans.stream().filter(ChainIT::isLongWait).findFirst().orElseThrow();
    Jaeger.Span request =
        served(PYTHON).stream()
            .filter(span -> inQueue.parent().orElseThrow().equals(span.spanId()))
            .findFirst()
            .orElseThrow();
    Jaeger.Span processing =
        spans.stream()
            .filter(span -> span.operation().equals("processing"))
            .filter(span -> span.parent().orElseThrow().equals(request.spanId()))
            .findFirst()
            .orElseThrow();

    assertThat(request.parent()).isEmpty();
    assertThat(inQueue.tags()).containsEntry("span.kind", "internal");
    assertThat(processing.tags()).containsEntry("span.kind", "internal");
    assertThat(Stream.of(inQueue, processing).map(Jaeger.Span::traceId))
        .containsOnly(request.traceId());
    assertThat(inQueue.startUs()).isEqualTo(request.startUs());
    assertThat(inQueue.durationUs() + processing.durationUs())
        .isBetween(request.durationUs() - 2, request.durationUs() + 2); // whole microseconds
  }

  private static boolean isLongWait(Jaeger.Span span) {
    return span.operation().equals("in queue") && span.durationUs() > 100_000;
  }

  private static Prometheus.Exemplar slowExemplar(Prometheus metrics) throws Exception {
    List<Prometheus.Exemplar> slow =
        metrics.exemplars(SERVED + "_bucket{job=\"chain/go-server\"}").stream()
            .filter(exemplar -> exemplar.value() > 0.9 * SLOW_MS / 1000)
            .distinct()
            .toList();
    assertThat(slow).hasSize(1);
    assertThat(slow.get(0).of())
        .containsEntry("http_response_status_code", "200")
        .containsEntry("le", "0.5");
    return slow.get(0);
  }

  private static Jaeger.Span spanOf(Prometheus.Exemplar exemplar) throws Exception {
    List<Jaeger.Span> spans =
        jaeger.trace(exemplar.labels().get("trace_id")).stream()
            .filter(span -> span.spanId().equals(exemplar.labels().get("span_id")))
            .toList();
    assertThat(spans).hasSize(1);
    return spans.get(0);
  }

  private static List<Jaeger.Span> served(String service) {
    return spansOf(service).stream()
        .filter(span -> "server".equals(span.tags().get("span.kind")))
        .toList();
  }

  private static List<Jaeger.Span> spansOf(String service) {
    try {
      return jaeger.tracesOf(service).stream()
          .filter(span -> span.service().equals(service))
          .toList();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String instanceOf(WebServer server) {
    return ThisMachine.hostName() + ":" + server.program().pid();
  }
}
