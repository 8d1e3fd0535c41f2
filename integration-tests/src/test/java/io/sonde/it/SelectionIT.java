package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Selection")
class SelectionIT {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(to = "GO")
  void byPortSeesTheFirstRequestOfAListenerOpenedLater(WebServer.Kind kind) {
    int port = Ports.free();
    try (Sonde sonde = Sonde.observingPorts(folder, port);
        WebServer server = WebServer.start(kind, folder, "127.0.0.1", port)) {
      Http.curl(folder, server.url("/first"));

      assertThat(sonde.awaitTraces(1, trace -> trace.path().equals("/first"))).hasSize(1);
    }
  }

  @Test
  void byExecutableSeesTheFirstRequestOfAProcessStartedLater() {
    try (Sonde sonde = Sonde.start(folder, Map.of("BEYLA_AUTO_TARGET_EXE", "*/go-server"));
        WebServer server = WebServer.start(WebServer.Kind.GO, folder)) {
      Http.curl(folder, server.url("/first"));

      assertThat(sonde.awaitTraces(1, trace -> true))
          .singleElement()
          .returns("/first", Trace::path)
          .returns("go-server", Trace::service);
    }
  }

  @Test
  void byExecutableSeesProgramsThatLiveForOneRequest() {
    try (WebServer server = WebServer.start(WebServer.Kind.NGINX, folder);
        Sonde sonde = Sonde.start(folder, Map.of("BEYLA_AUTO_TARGET_EXE", "*/curl"))) {
      for (int i = 0; i < 23; i++) {
        Http.curl(folder, server.url("/short"));
      }

      assertThat(sonde.awaitTraces(23, trace -> trace.serverPort() == server.port()))
          .allMatch(trace -> trace.kind().equals("CLIENT"))
          .allMatch(trace -> trace.path().equals("/short"))
          .allMatch(trace -> trace.status() == 404);
    }
  }

  @Test
  void byPidSeesThatProcessOnly() {
    try (WebServer chosen = WebServer.start(WebServer.Kind.NODE, folder);
        WebServer other = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde =
            Sonde.start(folder, Map.of("BEYLA_TARGET_PID", chosen.program().pid() + ""))) {
      Http.curl(folder, other.url("/other"));
      Http.curl(folder, chosen.url("/chosen"));

      assertThat(sonde.awaitTraces(1, trace -> true))
          .singleElement()
          .returns("/chosen", Trace::path);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%1$d", "%2$d-%1$d", "1,%2$d-%3$d"})
  void byPortListOrRangeLeavesOtherPortsAlone(String form) {
    try (WebServer chosen = WebServer.start(WebServer.Kind.GO, folder);
        WebServer other = WebServer.start(WebServer.Kind.GO, folder, "127.0.0.1", 14_000)) {
      int port = chosen.port();
      String ports = String.format(form, port, port - 20, port + 20);
      try (Sonde sonde = Sonde.start(folder, Map.of("BEYLA_OPEN_PORT", ports))) {
        Http.curl(folder, other.url("/other"));
        Http.curl(folder, chosen.url("/chosen"));

        assertThat(sonde.awaitTraces(1, trace -> true))
            .singleElement()
            .returns("/chosen", Trace::path);
      }
    }
  }

  @Test
  void followsAServerThatIsRestarted() {
    int port = Ports.free();
    try (Sonde sonde = Sonde.observingPorts(folder, port)) {
      for (int i = 0; i < 3; i++) {
        try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder, "127.0.0.1", port)) {
          Http.curl(folder, server.url("/life/" + i));
        }
      }

      assertThat(sonde.awaitTraces(3, trace -> true))
          .extracting(Trace::path)
          .containsExactly("/life/0", "/life/1", "/life/2");
    }
  }
}
