package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("sonde explain")
class ExplainIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  private record Answer(int exit, String out, String err) {
    JsonObject process() {
      JsonArray captures = JsonParser.parseString(out).getAsJsonObject().getAsJsonArray("captures");
      return captures.get(0).getAsJsonObject().getAsJsonArray("processes").get(0).getAsJsonObject();
    }
  }

  private Sonde observing(String discovery) {
    return Sonde.configured(folder, Map.of(), "discovery {\n" + discovery + "\n}\n");
  }

  /** With the configuration of the Sonde that runs in this folder. */
  private Answer explain(String... arguments) {
    List<String> command = new ArrayList<>(List.of(Paths.launcher().toString(), "explain"));
    command.addAll(List.of(arguments));
    String file = folder.resolve("sonde.conf").toString();
    try (Program program =
        Program.start("explain", folder, Map.of("BEYLA_CONFIG_PATH", file), command)) {
      return new Answer(program.awaitExit(PATIENCE), program.output(), program.errors());
    }
  }

  @Test
  void whatIsSelectedAndSeenIsToldWithItsRuleAndItsNumbers() {
    try (WebServer server = WebServer.start(WebServer.Kind.GO, folder);
        Sonde sonde =
            observing(
                "instrument = [ { open_ports = %d, name = shop, exports = [metrics] } ]"
                    .formatted(server.port()))) {
      Http.curl(folder, server.url("/a"), server.url("/b"));
      sonde.awaitTraces(2, trace -> true);

      Answer answer = explain(Long.toString(server.program().pid()));

      assertThat(answer.exit()).as(answer.err()).isZero();
      assertThat(answer.out())
          .contains("Process " + server.program().pid())
          .contains("OBSERVED as service shop (go), selected by discovery.instrument[0]")
          .contains("met     open_ports = " + server.port() + ": it has " + server.port())
          .contains("2 exchanges begun, 2 reported")
          .contains("socket attached")
          .contains("settings of its own: exports = [metrics], name = shop")
          .contains("It is seen.");
    }
  }

  @Test
  void whatNoRuleSelectsIsToldByTheCriterionThatFails() {
    try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde =
            observing(
                "instrument = [ { open_ports = %d, exe_path = \"*/nginx\" } ]"
                    .formatted(server.port()))) {
      Answer answer = explain(":" + server.port());

      assertThat(answer.exit()).as(answer.err()).isZero();
      assertThat(answer.out())
          .contains("NOT OBSERVED: no rule selects it")
          .contains("met     open_ports")
          .contains("NOT MET exe_path = */nginx: it has /")
          .contains("Nearest comes discovery.instrument[0], which fails by exe_path only.")
          .contains("{ open_ports = \"" + server.port() + "\" }");
      assertThat(sonde.program().isAlive()).isTrue();
    }
  }

  @Test
  void whatIsExcludedIsToldByWhatExcludesIt() {
    try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde =
            observing(
                "open_port = %d\nexclude_instrument = [ { cmd_args = \"*server.js*\" } ]"
                    .formatted(server.port()))) {
      Answer answer = explain("--json", ":" + server.port());

      assertThat(answer.exit()).as(answer.err()).isZero();
      JsonObject process = answer.process();
      assertThat(process.get("observed").getAsBoolean()).isFalse();
      assertThat(process.getAsJsonArray("advice").toString())
          .contains("discovery.exclude_instrument[0] excludes it");
      assertThat(sonde.program().isAlive()).isTrue();
    }
  }

  @Test
  void whatOnlyListensIsToldToHaveNoTraffic() {
    try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      Answer answer = explain(":" + server.port());

      assertThat(answer.exit()).as(answer.err()).isZero();
      assertThat(answer.out())
          .contains("OBSERVED")
          .contains("selected by discovery.open_port")
          .contains("Nothing was sent to it or by it over TCP since Sonde observes it.");
      assertThat(sonde.traces()).isEmpty();
    }
  }

  @Test
  void whatSpeaksSomethingElseIsToldByTheCause() throws IOException {
    int port = Ports.free();
    String echo =
        """
        import socket, sys
        l = socket.create_server(('127.0.0.1', int(sys.argv[1]))); print('listening on', flush=True)
        while True:
            s, _ = l.accept(); s.sendall(s.recv(99)); s.close()
        """;
    try (Program server =
            Program.start("echo", folder, List.of("/usr/bin/python3", "-c", echo, port + ""));
        Sonde sonde = Sonde.observingPorts(folder, port)) {
      server.awaitLine("listening on");
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket.getOutputStream().write("this is no protocol\n".getBytes(StandardCharsets.US_ASCII));
        socket.getInputStream().readAllBytes();
      }

      await("the connection to be told")
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                Answer answer = explain(":" + port);
                assertThat(answer.out())
                    .contains("1 connections")
                    .contains("not_http: the bytes of the connection are not HTTP")
                    .contains("Its traffic is seen but not understood");
              });
      assertThat(sonde.traces()).isEmpty();
    }
  }

  /** Nothing in the process does it that could be probed without entering the JVM. */
  @Test
  void whatJavaDeciphersItselfIsToldToBeUnreadable() {
    Certificate certificate = Certificate.make(folder);
    try (WebServer server = TlsServer.java(certificate, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      String trust = certificate.file().toString();
      Http.curl(folder, "--http1.1", "--cacert", trust, server.url("/1"), server.url("/2"));

      await("the connection to be told")
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(sonde.metrics().sum("sonde_stage_lost_total", "cause", "tls"))
                    .isEqualTo(1);
                assertThat(explain(":" + server.port()).out()).contains("tls: ").contains("Java");
              });
      assertThat(sonde.traces()).isEmpty();
    }
  }

  @Test
  void whoListensOnAPortInAnotherNetworkNamespaceIsFound() {
    int port = Ports.free();
    try (Program server =
            Program.start(
                "apart",
                folder,
                List.of(
                    "unshare",
                    "--net",
                    "/usr/bin/python3",
                    Paths.example("python-server/server.py"),
                    "--threads",
                    "127.0.0.1:" + port));
        Sonde sonde = Sonde.observingPorts(folder, 1)) {
      server.awaitLine("listening on");

      Answer answer = explain(":" + port);

      assertThat(answer.out())
          .contains("Process " + server.pid())
          .contains("listens on " + port + " in network namespace")
          .contains("NOT OBSERVED");
      assertThat(sonde.program().isAlive()).isTrue();
    }
  }

  @Test
  void whereNobodyListensItSaysSo() {
    int port = Ports.free();
    try (Sonde sonde = Sonde.observingPorts(folder, port)) {
      Answer answer = explain(":" + port);

      assertThat(answer.exit()).isEqualTo(1);
      assertThat(answer.out()).contains("There is no process that listens on TCP port " + port);
      assertThat(sonde.program().isAlive()).isTrue();
    }
  }

  @Test
  void whereNoSondeRunsItSaysSoAndWhatToDo() throws IOException {
    Files.writeString(
        folder.resolve("sonde.conf"), "receiver.socket = \"" + Sonde.socket(folder) + "\"\n");

    Answer answer = explain(":80");

    assertThat(answer.exit()).isEqualTo(3);
    assertThat(answer.err()).contains("no Sonde runs here").contains("sonde run");
  }

  @Test
  void whatIsNeitherAProcessNorAPortIsACommandLineThatIsWrong() {
    Answer answer = explain("nginx");

    assertThat(answer.exit()).isEqualTo(2);
    assertThat(answer.err()).contains("'nginx' is neither a process id nor a port");
  }
}
