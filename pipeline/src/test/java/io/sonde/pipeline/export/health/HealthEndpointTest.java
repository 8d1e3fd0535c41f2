package io.sonde.pipeline.export.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.accounting.ExporterStatus;
import io.sonde.pipeline.accounting.ExporterStatus.State;
import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.CaptureStarted.ProbeState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is expected here was read off a Collector 0.158 with its health_check extension. */
class HealthEndpointTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z";
  private static final Instant SINCE = Instant.parse("2026-11-21T10:00:00.5Z");

  private final SelfMetrics self = new SelfMetrics();
  private final Health health = new Health(self);
  private final HttpClient client = HttpClient.newHttpClient();
  private volatile State traces = State.STARTING;
  private HealthEndpoint endpoint;

  @BeforeEach
  void start() throws Exception {
    self.register(
        () ->
            new ExporterStatus(
                "traces",
                "spans",
                traces,
                SINCE,
                traces == State.OK || traces == State.STARTING ? "" : "it said: no",
                3,
                0,
                0,
                new ExporterStatus.Queue(10, 100, 1, 2)));
    endpoint = new HealthEndpoint(new PipelineConfig.Health("127.0.0.1", 0, "/"), health);
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  private HttpResponse<String> ask(String method, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + endpoint.address().getPort() + path))
            .method(method, BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  private int code(String path) throws Exception {
    return ask("GET", path).statusCode();
  }

  private void connectCapture() {
    self.captureStarted(
        new CaptureStarted(
            "abc",
            "host",
            "",
            "",
            "6.18",
            0,
            List.of(new ProbeState("socket", true, ""), new ProbeState("sweep", false, "old"))));
  }

  @Test
  void saysSinceWhenItRunsToAnyMethod() throws Exception {
    for (String method : List.of("GET", "POST")) {
      HttpResponse<String> answer = ask(method, "/");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
      assertThat(answer.body())
          .matches(
              "\\{\"status\":\"Server available\",\"upSince\":\""
                  + TIME
                  + "\",\"uptime\":\"[0-9.]+(µs|ms|s)\"}");
    }
    assertThat(ask("HEAD", "/").statusCode()).isEqualTo(200);
    assertThat(ask("GET", "/healthz").body()).startsWith("{\"status\":\"Server available\"");
    assertThat(code("/nothing")).isEqualTo(404);
  }

  @Test
  void isNotAvailableOnceItIsEnding() throws Exception {
    connectCapture();
    health.stopping();
    HttpResponse<String> answer = ask("GET", "/");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body())
        .isEqualTo(
            "{\"status\":\"Server not available\",\"upSince\":\"0001-01-01T00:00:00Z\",\"uptime\":\"\"}");
    assertThat(code("/ready")).isEqualTo(503);
    assertThat(ask("GET", "/status").body()).contains("\"status\":\"StatusStopping\"");
    assertThat(code("/status")).isEqualTo(503);
  }

  @Test
  void isReadyOnceACaptureIsConnected() throws Exception {
    assertThat(code("/ready")).isEqualTo(503);
    assertThat(ask("GET", "/status").body())
        .contains("StatusStarting", "no capture process has connected yet");
    connectCapture();
    assertThat(code("/ready")).isEqualTo(200);
    assertThat(code("/status")).isEqualTo(200);
    self.captureClosed("abc");
    assertThat(code("/ready")).isEqualTo(503);
    assertThat(code("/status")).isEqualTo(200);
    assertThat(ask("GET", "/status").body())
        .contains("StatusRecoverableError", "no capture process is connected");
  }

  @Test
  void anEndpointThatIsAwayLeavesItReadyAndOneThatRefusesForGoodDoesNot() throws Exception {
    connectCapture();
    for (State passing : List.of(State.RECOVERABLE_ERROR, State.PARKED)) {
      traces = passing;
      assertThat(code("/ready")).isEqualTo(200);
      assertThat(ask("GET", "/status").body())
          .contains(
              "\"healthy\":true,\"status\":\"StatusRecoverableError\",\"error\":\"it said: no\"");
    }
    traces = State.PERMANENT_ERROR;
    assertThat(code("/ready")).isEqualTo(503);
    assertThat(code("/status")).isEqualTo(500);
    assertThat(ask("GET", "/status").body())
        .contains(
            "\"healthy\":false,\"status\":\"StatusPermanentError\",\"error\":\"it said: no\"");
    assertThat(code("/")).isEqualTo(200);
    traces = State.OK;
    assertThat(code("/ready")).isEqualTo(200);
  }

  @Test
  void tellsEveryComponentInTheFormOfTheExtension() throws Exception {
    connectCapture();
    traces = State.PERMANENT_ERROR;
    String receiver =
        "\"receiver:sonde\":\\{\"healthy\":true,\"status\":\"StatusOK\",\"status_time\":\""
            + TIME
            + "\",\"attributes\":\\{\"captures\":\"1\",\"probe.sweep\":\"not attached: old\"}}";
    assertThat(ask("GET", "/status").body())
        .matches(
            "\\{\"start_time\":\""
                + TIME
                + "\",\"healthy\":false,\"status\":\"StatusPermanentError\",\"error\":\"it said:"
                + " no\",\"status_time\":\"2026-11-21T10:00:00.500Z\",\"attributes\":\\{},"
                + "\"components\":\\{\"pipeline:metrics\":\\{\"healthy\":true,\"status\":\"StatusOK\","
                + "\"status_time\":\""
                + TIME
                + "\",\"attributes\":\\{},\"components\":\\{"
                + receiver
                + "}},\"pipeline:traces\":\\{\"healthy\":false,\"status\":\"StatusPermanentError\","
                + "\"error\":\"it said: no\",\"status_time\":\"2026-11-21T10:00:00.500Z\","
                + "\"attributes\":\\{},\"components\":\\{\"exporter:otlp\":\\{\"healthy\":false,"
                + "\"status\":\"StatusPermanentError\",\"error\":\"it said: no\","
                + "\"status_time\":\"2026-11-21T10:00:00.500Z\",\"attributes\":"
                + "\\{\"state\":\"permanent_error\",\"sent\":\"3\",\"queue.bytes\":\"10\","
                + "\"queue.capacity\":\"100\"}},"
                + receiver
                + "}}}}");
  }

  @Test
  void theFirstOfSeveralErrorsIsTheOneTold() {
    ComponentStatus early = ComponentStatus.of(Status.PERMANENT_ERROR, SINCE, "cause", Map.of());
    ComponentStatus late =
        ComponentStatus.of(Status.PERMANENT_ERROR, SINCE.plusSeconds(1), "effect", Map.of());
    ComponentStatus passing =
        ComponentStatus.of(Status.RECOVERABLE_ERROR, SINCE.minusSeconds(1), "passing", Map.of());
    assertThat(ComponentStatus.aggregate(Map.of("a", late, "b", early, "c", passing)).error())
        .isEqualTo("cause");
  }
}
