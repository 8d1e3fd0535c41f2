package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A real Collector receives")
class CollectorIT {
  @TempDir Path folder;

  @BeforeAll
  static void theCollectorsBuilderNeedsARecentGo() {
    GoModules.assumeGoBuildsThem();
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "http/protobuf"})
  void spansAndMetricsByTheStableHttpConventions(String protocol) {
    try (Collector collector = Collector.start(folder);
        WebServer callee = WebServer.start(WebServer.Kind.NGINX, folder);
        WebServer server = WebServer.start(WebServer.Kind.GO, folder);
        Sonde sonde =
            Sonde.start(
                folder,
                Map.of(
                    "BEYLA_OPEN_PORT",
                    Integer.toString(server.port()),
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    collector.endpoint(protocol),
                    "OTEL_EXPORTER_OTLP_PROTOCOL",
                    protocol,
                    "OTEL_METRIC_EXPORT_INTERVAL",
                    "1000",
                    "OTEL_RESOURCE_ATTRIBUTES",
                    "deployment.environment.name=test"))) {
      Http.curl(folder, "-A", "agent/1", server.url("/bytes?n=2000"));
      Http.curl(folder, server.url("/status/503"));
      Http.curl(folder, server.url("/call?url=" + callee.url("/status/404")));

      await("four spans, and those of waits on a busy machine")
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(collector.spans())
                      .filteredOn(span -> span.kind() != OtlpSpan.INTERNAL)
                      .hasSize(4));
      assertServerSpan(collector.spans(), server);
      assertErrors(collector.spans(), callee);
      await("metrics of all requests")
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertMetrics(collector.histogramPoints(), server));
      assertThat(sonde.program().isAlive()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "http/protobuf"})
  void theWaitOfARequestAsChildSpans(String protocol) {
    try (Collector collector = Collector.start(folder);
        WebServer server = WebServer.singleThreadedPython(folder);
        Sonde sonde =
            Sonde.start(
                folder,
                Map.of(
                    "BEYLA_OPEN_PORT", Integer.toString(server.port()),
                    "OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint(protocol),
                    "OTEL_EXPORTER_OTLP_PROTOCOL", protocol))) {
      List<String> curl = List.of("curl", "-sS", server.url("/delay?ms=200"));
      try (Program one = Program.start("curl", folder, curl);
          Program two = Program.start("curl", folder, curl)) {
        one.awaitExit(Duration.ofSeconds(10));
        two.awaitExit(Duration.ofSeconds(10));
      }
      sonde.awaitTraces(2, trace -> true);
      await("the waiting request's three spans")
          .atMost(Duration.ofSeconds(20))
          .until(() -> collector.spans().stream().anyMatch(CollectorIT::isLongWait));

      List<OtlpSpan> spans = collector.spans();
      OtlpSpan inQueue = spans.stream().filter(CollectorIT::isLongWait).findFirst().orElseThrow();
      OtlpSpan parent = bySpanId(spans, inQueue.parentSpanId());
      OtlpSpan processing =
          spans.stream()
              .filter(span -> span.name().equals("processing"))
              .filter(span -> span.parentSpanId().equals(parent.spanId()))
              .findFirst()
              .orElseThrow();
      assertThat(parent.kind()).isEqualTo(OtlpSpan.SERVER);
      assertThat(inQueue.kind()).isEqualTo(OtlpSpan.INTERNAL);
      assertThat(processing.kind()).isEqualTo(OtlpSpan.INTERNAL);
      assertThat(List.of(inQueue.traceId(), processing.traceId())).containsOnly(parent.traceId());
      assertThat(inQueue.startNs()).isEqualTo(parent.startNs());
      assertThat(inQueue.endNs()).isEqualTo(processing.startNs());
      assertThat(processing.endNs()).isEqualTo(parent.endNs());
    }
  }

  private static boolean isLongWait(OtlpSpan span) {
    return span.name().equals("in queue") && span.durationNs() > 100_000_000;
  }

  private static OtlpSpan bySpanId(List<OtlpSpan> spans, String id) {
    return spans.stream().filter(span -> span.spanId().equals(id)).findFirst().orElseThrow();
  }

  private static void assertServerSpan(List<OtlpSpan> spans, WebServer server) {
    OtlpSpan span = byPath(spans, "/bytes");
    assertThat(span.kind()).isEqualTo(OtlpSpan.SERVER);
    assertThat(span.status()).isEqualTo(OtlpSpan.UNSET);
    assertThat(span.attributes())
        .containsEntry("http.request.method", "GET")
        .containsEntry("http.response.status_code", "200")
        .containsEntry("url.scheme", "http")
        .containsEntry("url.query", "n=2000")
        .containsEntry("server.address", "127.0.0.1")
        .containsEntry("server.port", Integer.toString(server.port()))
        .containsEntry("client.address", "127.0.0.1")
        .containsEntry("user_agent.original", "agent/1")
        .containsEntry("network.protocol.version", "1.1")
        .containsEntry("http.response.body.size", "2000");
    assertThat(span.resource())
        .containsEntry("service.name", "go-server")
        .containsEntry("telemetry.sdk.language", "go")
        .containsEntry("process.pid", Long.toString(server.program().pid()))
        .containsEntry("os.type", "linux")
        .containsEntry("deployment.environment.name", "test")
        .containsKeys("service.instance.id", "host.name");
  }

  /** A server answers for 5xx only; a client has failed from 4xx on. */
  private static void assertErrors(List<OtlpSpan> spans, WebServer callee) {
    OtlpSpan failed = byPath(spans, "/status/503");
    assertThat(failed.status()).isEqualTo(OtlpSpan.ERROR);
    assertThat(failed.attributes()).containsEntry("error.type", "503");
    OtlpSpan call =
        spans.stream().filter(span -> span.kind() == OtlpSpan.CLIENT).findFirst().orElseThrow();
    assertThat(call.status()).isEqualTo(OtlpSpan.ERROR);
    assertThat(call.attributes())
        .containsEntry("error.type", "404")
        .containsEntry("http.request.method", "GET")
        .containsEntry("url.full", callee.url("/status/404"))
        .containsEntry("server.port", Integer.toString(callee.port()));
  }

  private static void assertMetrics(List<OtlpPoint> points, WebServer server) {
    assertThat(points)
        .filteredOn(point -> point.metric().equals("http.server.request.duration"))
        .isNotEmpty()
        .allMatch(point -> point.unit().equals("s"))
        .allMatch(point -> point.sum() < 10)
        .allMatch(point -> point.attributes().get("server.port").equals(server.port() + ""))
        .anyMatch(point -> "503".equals(point.attributes().get("error.type")));
    assertThat(points)
        .filteredOn(point -> point.metric().equals("http.server.response.body.size"))
        .isNotEmpty()
        .allMatch(point -> point.unit().equals("By"))
        .anyMatch(
            point ->
                "200".equals(point.attributes().get("http.response.status_code"))
                    && "/bytes".equals(point.attributes().get("http.route"))
                    && point.count() == 1
                    && point.sum() == bytesAnswered(server, "/bytes"));
    assertThat(points)
        .filteredOn(point -> point.metric().equals("http.client.request.duration"))
        .isNotEmpty()
        .allMatch(point -> "404".equals(point.attributes().get("error.type")));
  }

  private static long bytesAnswered(WebServer server, String path) {
    return server.accessLog().stream()
        .filter(line -> line.path().equals(path))
        .mapToLong(AccessLine::bodyBytes)
        .sum();
  }

  private static OtlpSpan byPath(List<OtlpSpan> spans, String path) {
    return spans.stream()
        .filter(span -> path.equals(span.attributes().get("url.path")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no span of " + path + " in " + spans));
  }
}
