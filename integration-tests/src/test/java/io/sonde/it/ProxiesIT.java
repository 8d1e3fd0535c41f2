package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A request through a proxy")
class ProxiesIT {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void isReportedOnceByEachOfItsThreeSides(Proxy.Kind kind) throws Exception {
    try (WebServer server = WebServer.start(WebServer.Kind.GO, folder);
        Proxy proxy = Proxy.start(kind, folder, server.port());
        Sonde sonde = Sonde.observingPorts(folder, proxy.port(), server.port())) {
      Http.curl(
          folder, proxy.url("/"), proxy.url("/?q=1"), proxy.url("/status/404"), proxy.url("/x/y"));
      Http.curl(folder, "-I", proxy.url("/"));
      Http.curl(folder, proxy.url("/status/204"), proxy.url("/status/500"));
      Http.curl(folder, "--data-raw", "twelve bytes", proxy.url("/echo"));
      Http.curl(
          folder, "-H", "Transfer-Encoding: chunked", "--data-raw", "chunks", proxy.url("/echo"));
      Http.curl(
          folder, "-H", "Expect: 100-continue", "--data-raw", "after a 100", proxy.url("/echo"));
      Http.curl(folder, proxy.url("/chunked?n=7"), proxy.url("/bytes?n=300000"));
      Http.curl(folder, "-X", "DELETE", proxy.url("/echo"));

      List<Trace> traces = sonde.awaitTraces(3 * 13, trace -> true);

      List<AccessLine> log = server.accessLog();
      assertThat(log).hasSize(13);
      assertThat(side(traces, "SERVER", proxy.port()))
          .extracting(Trace::method, Trace::path, Trace::status)
          .containsExactlyInAnyOrderElementsOf(
              log.stream().map(l -> tuple(l.method(), l.path(), l.status())).toList());
      assertThat(side(traces, "CLIENT", server.port()).stream().map(Trace::asAccessLine))
          .containsExactlyInAnyOrderElementsOf(log);
      assertThat(side(traces, "SERVER", server.port()).stream().map(Trace::asAccessLine))
          .containsExactlyInAnyOrderElementsOf(log);
      assertThat(traces)
          .filteredOn(trace -> trace.service().equals(kind.service()))
          .hasSize(2 * 13);
      assertThat(sonde.metrics().sum("sonde_stage_lost_total", "stage", "decode")).isZero();
    }
  }

  @Test
  void inAbsoluteFormHasThePathOfItsTarget() {
    try (WebServer server = WebServer.start(WebServer.Kind.GO, folder);
        Proxy proxy = Proxy.start(Proxy.Kind.APACHE, folder, server.port());
        Sonde sonde = Sonde.observingPorts(folder, proxy.forwardPort())) {
      Http.curl(
          folder, "-x", "127.0.0.1:" + proxy.forwardPort(), server.url("/status/404?secret=no"));

      List<Trace> traces = sonde.awaitTraces(2, trace -> true);
      assertThat(traces).allMatch(trace -> trace.path().equals("/status/404"));
      assertThat(traces).extracting(Trace::kind).containsExactlyInAnyOrder("SERVER", "CLIENT");
    }
  }

  @Test
  void byConnectIsATunnelAndWhatRunsThroughItIsSeenWhereItIsHttpAgain() throws Exception {
    try (WebServer server = WebServer.start(WebServer.Kind.GO, folder);
        Proxy proxy = Proxy.start(Proxy.Kind.APACHE, folder, server.port());
        Sonde sonde = Sonde.observingPorts(folder, proxy.forwardPort(), server.port())) {
      Http.curl(
          folder,
          "--proxytunnel",
          "-x",
          "127.0.0.1:" + proxy.forwardPort(),
          server.url("/bytes?n=5000"));

      List<Trace> traces = sonde.awaitTraces(3, trace -> true);
      assertThat(side(traces, "SERVER", proxy.forwardPort()))
          .singleElement()
          .returns("CONNECT", Trace::method)
          .returns(200, Trace::status);
      assertThat(side(traces, "CLIENT", server.port()))
          .extracting(Trace::method)
          .containsOnly("GET");
      assertThat(side(traces, "SERVER", server.port()))
          .extracting(Trace::method)
          .containsOnly("GET");
      Samples metrics = sonde.metrics();
      assertThat(metrics.sum("sonde_tunnels_total", "protocol", "connect")).isEqualTo(1);
      assertThat(metrics.sum("sonde_tunnel_bytes_total", "direction", "transmit"))
          .isGreaterThan(5000);
    }
  }

  @Test
  void byConnectThatIsRefusedStaysHttp() throws IOException {
    try (WebServer server = WebServer.start(WebServer.Kind.GO, folder);
        Proxy proxy = Proxy.start(Proxy.Kind.APACHE, folder, server.port());
        Sonde sonde = Sonde.observingPorts(folder, proxy.forwardPort());
        RawConnection connection = RawConnection.open("127.0.0.1", proxy.forwardPort())) {
      connection.send("CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n");
      assertThat(connection.readAnswer()).isEqualTo(403);

      assertThat(sonde.awaitTraces(1, trace -> true))
          .singleElement()
          .returns("CONNECT", Trace::method)
          .returns(403, Trace::status);
    }
  }

  @ParameterizedTest
  @EnumSource
  void thatUpgradesToAWebSocketIsOneExchangeAndThenCountedBytes(Proxy.Kind kind) throws Exception {
    int port = Ports.free();
    try (Program server = python("websocket_server.py", Integer.toString(port));
        Proxy proxy = Proxy.start(kind, folder, port);
        Sonde sonde = Sonde.observingPorts(folder, proxy.port(), port)) {
      server.awaitLine("listening on");
      String url = "ws://127.0.0.1:" + proxy.port() + "/chat";
      try (Program client = python("websocket_client.py", url, "20", "3000")) {
        assertThat(client.awaitExit(Duration.ofSeconds(30))).as(client.everything()).isZero();
      }

      assertThat(sonde.awaitTraces(3, trace -> true))
          .allMatch(trace -> trace.method().equals("GET"))
          .allMatch(trace -> trace.path().equals("/chat"))
          .allMatch(trace -> trace.status() == 101);
      Samples metrics = sonde.metrics();
      assertThat(metrics.sum("sonde_tunnels_total", "protocol", "websocket")).isEqualTo(3);
      for (String direction : List.of("receive", "transmit")) {
        assertThat(metrics.sum("sonde_tunnel_bytes_total", "direction", direction))
            .as("20 messages of 3000 bytes, each way on three sides, and their frames")
            .isBetween(3 * 60_000.0, 3 * 62_000.0);
      }
      assertThat(metrics.sum("sonde_stage_lost_total", "stage", "decode")).isZero();
    }
  }

  private Program python(String script, String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/usr/bin/python3", Paths.resource(script).toString()));
    command.addAll(List.of(arguments));
    return Program.start("python3", folder, command);
  }

  private static List<Trace> side(List<Trace> traces, String kind, int port) {
    return traces.stream().filter(t -> t.kind().equals(kind) && t.serverPort() == port).toList();
  }
}
