package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A request without an answer")
class UnansweredIT {
  @TempDir Path folder;

  @Test
  void whoseClientWentAwaySaysSoOnBothSides() {
    try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde = observing("node")) {
      curlFails(28, "--max-time", "1", server.url("/delay?ms=20000"));

      List<Trace> traces = sonde.awaitTraces(2, trace -> true);
      assertThat(traces).extracting(Trace::kind).containsExactlyInAnyOrder("SERVER", "CLIENT");
      assertThat(traces).allMatch(trace -> trace.path().equals("/delay"));
      assertThat(traces).allMatch(trace -> trace.status() == 0);
      assertThat(traces).extracting(Trace::error).containsOnly("client_disconnected");
    }
  }

  @Test
  void whoseServerClosesTheConnectionSaysSoOnBothSides() {
    try (WebServer server = WebServer.start(WebServer.Kind.NGINX, folder);
        Sonde sonde = observing("nginx")) {
      curlFails(52, server.url("/unanswered"));

      List<Trace> traces = sonde.awaitTraces(2, trace -> true);
      assertThat(traces).extracting(Trace::kind).containsExactlyInAnyOrder("SERVER", "CLIENT");
      assertThat(traces).allMatch(trace -> trace.path().equals("/unanswered"));
      assertThat(traces).allMatch(trace -> trace.status() == 0);
      assertThat(traces).extracting(Trace::error).containsOnly("connection_closed");
    }
  }

  @Test
  void isToldWhenItsTimeIsOverAndNotAgainWhenTheAnswerComes() {
    try (WebServer server = WebServer.start(WebServer.Kind.GO, folder);
        Sonde sonde =
            Sonde.start(
                folder,
                Map.of(
                    "BEYLA_OPEN_PORT",
                    Integer.toString(server.port()),
                    "BEYLA_BPF_HTTP_REQUEST_TIMEOUT",
                    "500ms"))) {
      Http.curl(folder, server.url("/delay?ms=4000"), server.url("/status/404"));

      List<Trace> traces = sonde.awaitTraces(2, trace -> true);
      assertThat(traces).extracting(Trace::status).containsExactly(0, 404);
      assertThat(traces.get(0).error()).isEqualTo("timeout");
      assertThat(traces.get(0).handlerUs()).isEqualTo(500_000);
    }
  }

  private Sonde observing(String server) {
    return Sonde.start(folder, Map.of("BEYLA_AUTO_TARGET_EXE", "{*/curl,*/" + server + "}"));
  }

  private void curlFails(int exit, String... arguments) {
    List<String> command = new ArrayList<>(List.of("curl", "-sS"));
    command.addAll(List.of(arguments));
    try (Program curl = Program.start("curl", folder, command)) {
      assertThat(curl.awaitExit(Duration.ofSeconds(30))).as(curl.everything()).isEqualTo(exit);
    }
  }
}
