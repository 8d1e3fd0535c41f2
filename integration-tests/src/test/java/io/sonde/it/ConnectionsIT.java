package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Requests are reported once")
class ConnectionsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(to = "GO")
  void onConnectionsOlderThanSonde(WebServer.Kind kind) throws IOException {
    try (WebServer server = WebServer.start(kind, folder);
        RawConnection used = RawConnection.open("127.0.0.1", server.port());
        RawConnection unused = RawConnection.open("127.0.0.1", server.port())) {
      used.get("/before-sonde");
      try (Sonde sonde = Sonde.observingPorts(folder, server.port())) {
        used.get("/used");
        used.get("/used");
        unused.get("/unused");

        List<Trace> traces = sonde.awaitTraces(3, trace -> true);

        assertThat(traces).extracting(Trace::path).containsExactly("/used", "/used", "/unused");
        assertThat(traces).extracting(Trace::kind).containsOnly("SERVER");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NGINX, [::1], [::1]",
    "NODE, [::1], [::1]",
    "PYTHON, [::1], [::1]",
    "GO, [::1], [::1]",
    "NODE, [::], 127.0.0.1",
    "PYTHON, [::], 127.0.0.1",
    "GO, [::], 127.0.0.1",
  })
  void overIpv6AndIpv4OnAnIpv6Listener(WebServer.Kind kind, String listen, String connect) {
    try (WebServer server = WebServer.start(kind, folder, listen, Ports.free());
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      Http.curl(folder, "-g", "http://" + connect + ":" + server.port() + "/");

      assertThat(sonde.awaitTraces(1, trace -> true))
          .singleElement()
          .returns(connect.replaceAll("[\\[\\]]", ""), Trace::client)
          .returns(200, Trace::status);
    }
  }

  @Test
  void overMultipathTcp() {
    try (WebServer server = WebServer.start(WebServer.Kind.GO, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      String script = Paths.resource("mptcp_client.py").toString();
      String port = Integer.toString(server.port());
      Program.run(folder, "/usr/bin/python3", script, "127.0.0.1", port, "/", "3");

      List<Trace> traces = sonde.awaitTraces(3, trace -> true);

      assertThat(traces.stream().map(Trace::asAccessLine))
          .containsExactlyElementsOf(server.accessLog());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fork", "pass"})
  void onConnectionsAnsweredByAnotherProcess(String way) {
    int port = Ports.free();
    List<String> command =
        List.of(
            "/usr/bin/python3",
            Paths.resource("handoff_server.py").toString(),
            way,
            "127.0.0.1:" + port);
    try (Program server = Program.start(way, folder, command)) {
      server.awaitLine("listening on");
      try (Sonde sonde = Sonde.observingPorts(folder, port)) {
        String url = "http://127.0.0.1:" + port;
        Http.curl(folder, url + "/1", url + "/2");
        Http.curl(folder, url + "/3");

        List<Trace> traces = sonde.awaitTraces(3, trace -> true);

        assertThat(traces.stream().map(Trace::asAccessLine))
            .containsExactlyInAnyOrderElementsOf(AccessLine.parse(server.output()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(to = "GO")
  void whoseHeadArrivesInPieces(WebServer.Kind kind) throws IOException {
    try (WebServer server = WebServer.start(kind, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port());
        RawConnection connection = RawConnection.open("127.0.0.1", server.port())) {
      String head = "GET /status/404?x=y HTTP/1.1\r\nHost: pieces.test\r\n\r\n";
      for (int cut : List.of(2, 15, head.length() - 1)) {
        connection.send(head.substring(0, cut));
        pause();
        connection.send(head.substring(cut));
        connection.readAnswer();
      }
      for (char one : head.toCharArray()) {
        connection.send(String.valueOf(one));
      }
      connection.readAnswer();

      assertThat(sonde.awaitTraces(4, trace -> true))
          .allSatisfy(
              trace -> {
                assertThat(trace.method()).isEqualTo("GET");
                assertThat(trace.path()).isEqualTo("/status/404");
                assertThat(trace.status()).isEqualTo(404);
              });
    }
  }

  /** Of some requests, since a machine that does other things may take its time for one. */
  @ParameterizedTest
  @EnumSource(to = "GO")
  void withinASecondThoughTheConnectionStaysOpenAndIdle(WebServer.Kind kind) throws IOException {
    try (WebServer server = WebServer.start(kind, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port());
        RawConnection connection = RawConnection.open("127.0.0.1", server.port())) {
      List<Duration> waits = new ArrayList<>();
      for (int i = 1; i <= 5; i++) {
        int requests = i;
        connection.get("/" + i);
        long answered = System.nanoTime();
        await("the last request, without another one or a close")
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> sonde.traces().size() == requests);
        waits.add(Duration.ofNanos(System.nanoTime() - answered));
      }

      assertThat(Collections.min(waits)).isLessThan(Duration.ofSeconds(1));
    }
  }

  /** Long enough for a server to have read what was sent. */
  private static void pause() {
    await().pollDelay(Duration.ofMillis(100)).until(() -> true);
  }
}
