package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What Sonde says of itself")
class SelfReportIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final int healthPort = Ports.free();

  private Sonde exporting(WebServer server, String endpoint) {
    Map<String, String> env = new HashMap<>(reporting(server));
    env.put("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
    env.put("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    env.put("OTEL_METRIC_EXPORT_INTERVAL", "1000");
    env.put("BEYLA_INTERNAL_METRICS_EXPORTER", "prometheus,otel");
    return Sonde.start(folder, env);
  }

  private Map<String, String> reporting(WebServer server) {
    return Map.of(
        "BEYLA_OPEN_PORT", Integer.toString(server.port()),
        "BEYLA_HEALTH_CHECK_PORT", Integer.toString(healthPort),
        "BEYLA_LOG_FORMAT", "json");
  }

  @Test
  void isWhatACollectorSaysOfItselfOnThePageAndOverOtlp() throws Exception {
    try (Collector collector = Collector.start(folder);
        WebServer server = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde = exporting(server, collector.grpcEndpoint())) {
      Http.curl(folder, server.url("/"), server.url("/status/404"));
      sonde.awaitTraces(2, trace -> true);

      await("every span to be accounted for")
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                int received = collector.spans().size();
                Samples page = sonde.metrics();
                assertThat(received).isGreaterThanOrEqualTo(2);
                assertThat(page.sum("otelcol_receiver_accepted_spans_total", "transport", "bpf"))
                    .isEqualTo(received);
                assertThat(page.sum("otelcol_exporter_sent_spans_total", "exporter", "otlp"))
                    .isEqualTo(received);
                assertThat(page.sum("otelcol_receiver_refused_spans_total")).isZero();
                assertThat(latest(collector, "otelcol_receiver_accepted_spans"))
                    .isEqualTo(received);
                assertThat(latest(collector, "otelcol_exporter_sent_spans")).isEqualTo(received);
              });
      assertThat(latest(collector, "otelcol_process_memory_rss")).isGreaterThan(10_000_000);
      assertThat(latest(collector, "sonde_captures")).isEqualTo(1);
      assertThat(sonde.metrics().sum("otelcol_exporter_queue_capacity", "data_type", "traces"))
          .isPositive();
    }
  }

  @Test
  void isHealthyAsLongAsItsDataReachesTheCollectorOrIsKeptForIt() throws Exception {
    String away = "http://127.0.0.1:" + Ports.free();
    try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde = exporting(server, away)) {
      assertThat(JsonParser.parseString(health("/").body()).getAsJsonObject().keySet())
          .containsExactly("status", "upSince", "uptime");
      await("readiness").atMost(PATIENCE).until(() -> health("/ready").statusCode() == 200);

      Http.curl(folder, server.url("/"));
      await("the exporter to be said to be away")
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(exporter("traces").get("status").getAsString())
                      .isEqualTo("StatusRecoverableError"));
      assertThat(exporter("traces").get("error").getAsString()).isNotEmpty();
      assertThat(health("/ready").statusCode()).isEqualTo(200);
      assertThat(sonde.program().isAlive()).isTrue();
    }
  }

  @Test
  void isReadyWhileACaptureIsConnected() throws Exception {
    try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder)) {
      Map<String, String> env = reporting(server);
      try (Sonde receive = Sonde.launch(folder, env, "receive")) {
        receive.program().awaitLine("listening on");
        assertThat(health("/").statusCode()).isEqualTo(200);
        assertThat(health("/ready").statusCode()).isEqualTo(503);
        assertThat(health("/status").body()).contains("StatusStarting");

        try (Sonde capture = Sonde.launch(folder, env, "capture")) {
          await("readiness").atMost(PATIENCE).until(() -> health("/ready").statusCode() == 200);
          assertThat(capture.program().terminate()).isZero();
        }
        await("the loss of the capture")
            .atMost(PATIENCE)
            .until(() -> health("/ready").statusCode() == 503);
        assertThat(health("/status").body()).contains("no capture process is connected");
      }
    }
  }

  @Test
  void staysReadyWhereTheCollectorTakesNoTracesAndSaysSo() throws Exception {
    try (Collector collector = Collector.ofMetricsAlone(folder);
        WebServer server = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde = exporting(server, collector.grpcEndpoint())) {
      Http.curl(folder, server.url("/"));
      await("the signal to be parked")
          .atMost(PATIENCE)
          .until(
              () ->
                  exporter("traces")
                      .getAsJsonObject("attributes")
                      .get("state")
                      .getAsString()
                      .equals("parked"));
      assertThat(health("/ready").statusCode()).isEqualTo(200);
      JsonObject traces = exporter("traces");
      assertThat(traces.get("status").getAsString()).isEqualTo("StatusRecoverableError");
      assertThat(traces.get("error").getAsString()).isNotEmpty();
      assertThat(exporter("metrics").get("status").getAsString()).isEqualTo("StatusOK");
      assertThat(health("/").statusCode()).isEqualTo(200);
      assertThat(sonde.program().isAlive()).isTrue();
    }
  }

  @Test
  void isLoggedByBothHalvesInTheFormatThatWasAskedFor() throws Exception {
    try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde = exporting(server, "http://127.0.0.1:" + Ports.free())) {
      await("both halves to have spoken")
          .atMost(PATIENCE)
          .until(
              () -> {
                String log = sonde.program().errors();
                List<String> speakers =
                    Program.wholeLines(log).lines().map(SelfReportIT::speaker).toList();
                return speakers.containsAll(List.of("receive", "capture"));
              });
    }
  }

  /** Fails when the line is not a JSON object. */
  private static String speaker(String line) {
    JsonObject message = JsonParser.parseString(line).getAsJsonObject();
    assertThat(message.keySet()).startsWith("level", "ts", "msg", "component");
    return message.get("component").getAsString();
  }

  private HttpResponse<String> health(String path) throws IOException, InterruptedException {
    return Http.get("http://127.0.0.1:" + healthPort + path);
  }

  private JsonObject exporter(String signal) throws IOException, InterruptedException {
    return JsonParser.parseString(health("/status").body())
        .getAsJsonObject()
        .getAsJsonObject("components")
        .getAsJsonObject("pipeline:" + signal)
        .getAsJsonObject("components")
        .getAsJsonObject("exporter:otlp");
  }

  /** Of Sonde itself, as last received; NaN when it never was. */
  private static double latest(Collector collector, String metric) {
    return collector.numbers().stream()
        .filter(number -> "sonde".equals(number.resource().get("service.name")))
        .filter(number -> number.metric().equals(metric))
        .mapToDouble(OtlpNumber::value)
        .reduce(Double.NaN, (before, last) -> last);
  }
}
