package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A client's requests")
class ClientsIT {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(from = "NODE", to = "PUMA")
  void areReportedOnTheClientSideToo(WebServer.Kind kind) {
    try (WebServer callee = WebServer.start(WebServer.Kind.NGINX, folder);
        WebServer caller = WebServer.start(kind, folder);
        Sonde sonde = Sonde.observingPorts(folder, caller.port())) {
      Http.curl(folder, caller.url("/call?times=5&url=" + callee.url("/status/404")));

      List<Trace> calls = sonde.awaitTraces(5, trace -> trace.kind().equals("CLIENT"));

      assertThat(calls.stream().map(Trace::asAccessLine))
          .containsExactlyElementsOf(callee.accessLog());
      assertThat(calls).allMatch(trace -> trace.serverPort() == callee.port());
      assertThat(sonde.traces(trace -> trace.kind().equals("SERVER")))
          .singleElement()
          .returns("/call", Trace::path);
    }
  }

  @Test
  void areReportedForAProxyThatKeepsItsConnections() {
    try (WebServer upstream = WebServer.start(WebServer.Kind.GO, folder);
        WebServer proxy = WebServer.nginxBefore(upstream, folder);
        Sonde sonde = Sonde.observingPorts(folder, proxy.port())) {
      for (int i = 0; i < 5; i++) {
        Http.curl(folder, proxy.url("/other/bytes?n=" + i), proxy.url("/other/chunked?n=2"));
      }

      assertThat(
              sonde.awaitTraces(10, trace -> trace.kind().equals("CLIENT")).stream()
                  .map(Trace::asAccessLine))
          .containsExactlyInAnyOrderElementsOf(upstream.accessLog());
      assertThat(sonde.awaitTraces(10, trace -> trace.kind().equals("SERVER")))
          .extracting(Trace::service)
          .containsOnly("nginx");
    }
  }

  @Test
  void withLargeBodiesHaveTheirRightSizesOnBothSidesOfAProxy() {
    try (WebServer upstream = WebServer.start(WebServer.Kind.GO, folder);
        WebServer proxy = WebServer.nginxBefore(upstream, folder);
        Sonde sonde = Sonde.observingPorts(folder, proxy.port())) {
      Http.curl(
          folder, "--data-binary", "@" + Http.fileOf(folder, 500_000), proxy.url("/other/echo"));

      assertThat(sonde.awaitTraces(2, trace -> true))
          .extracting(Trace::kind, Trace::path, Trace::requestBytes, Trace::responseBytes)
          .containsExactlyInAnyOrder(
              tuple("SERVER", "/other/echo", 500_000L, 500_000L),
              tuple("CLIENT", "/echo", 500_000L, 500_000L));
    }
  }

  @Test
  void byCurlOnOneConnectionAreEachReported() {
    try (WebServer server = WebServer.start(WebServer.Kind.NGINX, folder);
        Sonde sonde = Sonde.start(folder, Map.of("BEYLA_AUTO_TARGET_EXE", "*/curl"))) {
      Http.curl(folder, server.url("/"), server.url("/status/500"), server.url("/status/204"));

      List<Trace> traces = sonde.awaitTraces(3, trace -> trace.serverPort() == server.port());

      assertThat(traces).extracting(Trace::kind).containsOnly("CLIENT");
      assertThat(traces.stream().map(Trace::asAccessLine))
          .containsExactlyElementsOf(server.accessLog());
    }
  }

  @Test
  void andTheServersTurnOfTheSameRequestsAreBothReported() {
    try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde =
            Sonde.configured(
                folder,
                Map.of(),
                "discovery.instrument = [{ exe_path = \"*/curl\" }, { open_ports = %d }]"
                    .formatted(server.port()))) {
      Http.curl(folder, server.url("/delay?ms=50"));

      List<Trace> traces = sonde.awaitTraces(2, trace -> trace.path().equals("/delay"));

      Trace client =
          traces.stream().filter(t -> t.kind().equals("CLIENT")).findFirst().orElseThrow();
      Trace served =
          traces.stream().filter(t -> t.kind().equals("SERVER")).findFirst().orElseThrow();
      // Neither is surely the longer one: over loopback a request arrives before the write that
      // sends it has returned.
      assertThat(client.durationUs()).isGreaterThan(50_000);
      assertThat(served.durationUs()).isGreaterThan(50_000);
    }
  }
}
