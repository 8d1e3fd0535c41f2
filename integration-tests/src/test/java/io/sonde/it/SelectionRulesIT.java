package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Rules of discovery")
class SelectionRulesIT {
  private static final String SERVER = "/usr/bin/python3";

  @TempDir Path folder;

  private Sonde observing(String discovery) {
    return Sonde.configured(folder, Map.of(), "discovery {\n" + discovery + "\n}\n");
  }

  /** {@code PORT} and {@code PID} are those of a Node server beside a Go server. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "open_ports = PORT",
        "exe_path = \"*/node*\"",
        "cmd_args = \"*server.js*:PORT\"",
        "languages = nodejs",
        "target_pids = [PID]",
        "open_ports = \"15000-32000\", exe_path = \"*/node*\"",
        "open_ports = \"15000-32000\", languages = [java, nodejs]",
      })
  void eachCriterionChoosesAmongServersThatRun(String criteria) {
    try (WebServer chosen = WebServer.start(WebServer.Kind.NODE, folder);
        WebServer other = WebServer.start(WebServer.Kind.GO, folder);
        Sonde sonde = observing("instrument = [ { " + filled(criteria, chosen) + " } ]")) {
      Http.curl(folder, other.url("/other"));
      Http.curl(folder, chosen.url("/chosen"));

      assertThat(sonde.awaitTraces(1, of(chosen, other)))
          .singleElement()
          .returns("/chosen", Trace::path);
    }
  }

  /** The rules of these tests are wide: other servers of the machine may match too. */
  private static Predicate<Trace> of(WebServer one, WebServer two) {
    return trace -> trace.serverPort() == one.port() || trace.serverPort() == two.port();
  }

  private static String filled(String criteria, WebServer server) {
    return criteria
        .replace("PORT", Integer.toString(server.port()))
        .replace("PID", Long.toString(server.program().pid()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "open_ports = \"15000-32000\", exe_path = \"*/node*\"",
        "cmd_args = \"*server.js*\"",
        "open_ports = \"15000-32000\", languages = nodejs",
        "languages = nodejs",
      })
  void theFirstRequestIsSeenOfAServerThatIsStartedLater(String criteria) {
    try (Sonde sonde = observing("instrument = [ { " + criteria + " } ]");
        WebServer other = WebServer.start(WebServer.Kind.GO, folder);
        WebServer chosen = WebServer.start(WebServer.Kind.NODE, folder)) {
      Http.curl(folder, chosen.url("/first"));
      Http.curl(folder, other.url("/other"));

      assertThat(sonde.awaitTraces(1, of(chosen, other)))
          .singleElement()
          .returns("/first", Trace::path);
    }
  }

  @Test
  void whatIsExcludedIsNotObservedWhateverSelectsIt() {
    try (WebServer excluded = WebServer.start(WebServer.Kind.GO, folder);
        WebServer chosen = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde =
            observing(
                "open_port = \"15000-32000\"\nexclude_instrument = [ { open_ports = %d }, { exe_path = \"*/curl\" } ]"
                    .formatted(excluded.port()))) {
      Http.curl(folder, excluded.url("/excluded"));
      Http.curl(folder, chosen.url("/chosen"));

      assertThat(sonde.awaitTraces(1, of(chosen, excluded)))
          .singleElement()
          .returns("/chosen", Trace::path);
    }
  }

  @Test
  void whatBeginsToListenOnAnExcludedPortIsObservedNoLonger() {
    int first = Ports.free();
    int second = Ports.free();
    String twoPorts =
        """
        import http.server, sys, threading
        class Ok(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(204); self.end_headers()
        def serve(port):
            server = http.server.ThreadingHTTPServer(('127.0.0.1', port), Ok)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            print('listening on', port, flush=True)
        serve(int(sys.argv[1]))
        import os, time
        while not os.path.exists(sys.argv[3]): time.sleep(0.02)
        serve(int(sys.argv[2]))
        time.sleep(600)
        """;
    Path sign = folder.resolve("go-on");
    try (Sonde sonde =
            observing(
                "instrument = [ { cmd_args = \"*%1$s*\" } ]\nexclude_instrument = [ { open_ports = %2$d } ]"
                    .formatted(sign, second));
        Program server =
            Program.start(
                "server",
                folder,
                List.of(SERVER, "-c", twoPorts, first + "", second + "", sign.toString()))) {
      server.awaitLine("listening on " + first);
      Http.curl(folder, "http://127.0.0.1:" + first + "/before");
      sonde.awaitTraces(1, trace -> trace.path().equals("/before"));

      Files.createFile(sign);
      server.awaitLine("listening on " + second);
      Http.curl(folder, "http://127.0.0.1:" + second + "/after");
      Http.curl(folder, "http://127.0.0.1:" + first + "/after");

      assertThat(sonde.awaitTraces(1, trace -> true))
          .extracting(Trace::path)
          .containsExactly("/before");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void collectorsAreLeftAloneUnlessToldOtherwise() throws IOException {
    Path collector = folder.resolve("otelcol");
    Files.copy(
        Path.of(GoPrograms.build("go-server")), collector, StandardCopyOption.COPY_ATTRIBUTES);
    int port = Ports.free();
    String select = "open_port = " + port + "\n";
    try (Program server =
        Program.start("otelcol", folder, List.of(collector.toString(), "127.0.0.1:" + port))) {
      server.awaitLine("listening on");
      try (Sonde sonde = observing(select)) {
        Http.curl(folder, "http://127.0.0.1:" + port + "/not-seen");
        assertThat(sonde.awaitTraces(0, trace -> true)).isEmpty();
      }
      try (Sonde sonde = observing(select + "default_exclude_instrument = []")) {
        Http.curl(folder, "http://127.0.0.1:" + port + "/seen");
        assertThat(sonde.awaitTraces(1, trace -> true))
            .singleElement()
            .returns("/seen", Trace::path);
      }
    }
  }

  @Test
  void anEntryNamesWhatItSelectsAndTheLastOneThatMatchesCounts() throws Exception {
    try (WebServer one = WebServer.start(WebServer.Kind.GO, folder);
        WebServer two = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde =
            observing(
                """
                instrument = [
                  { open_ports = "15000-32000", name = all, exports = [metrics] }
                  { open_ports = %d, name = tail, exports = [traces] }
                ]
                exclude_instrument = [ { exe_path = "*/curl" } ]
                """
                    .formatted(two.port()))) {
      Http.curl(folder, one.url("/one"));
      Http.curl(folder, two.url("/two"));

      assertThat(sonde.awaitTraces(2, of(one, two)))
          .extracting(Trace::path, Trace::service)
          .containsExactlyInAnyOrder(tuple("/one", "all"), tuple("/two", "tail"));
      await("the metrics of the one")
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(sonde.metrics().named("http_server_request_duration_seconds_count"))
                      .extracting(sample -> sample.labels().get("service_name"))
                      .contains("all")
                      .doesNotContain("tail"));
    }
  }

  @Test
  void twoServicesOnOnePortNumberInTwoNetworkNamespacesAreToldApart() {
    int port = Ports.free();
    try (Program left = inItsOwnNetwork("left", port);
        Program right = inItsOwnNetwork("right", port);
        Sonde sonde = observing("open_port = " + port)) {
      for (int i = 0; i < 3; i++) {
        curlWithin(left, "http://127.0.0.1:" + port + "/left/" + i);
        curlWithin(right, "http://127.0.0.1:" + port + "/right/" + i);
      }

      List<Trace> traces = sonde.awaitTraces(6, trace -> true);
      assertThat(traces)
          .allMatch(trace -> trace.path().startsWith("/" + trace.service() + "/"))
          .allMatch(trace -> trace.serverPort() == port);
      assertThat(traces).filteredOn(trace -> trace.service().equals("left")).hasSize(3);
    }
  }

  private Program inItsOwnNetwork(String name, int port) {
    Program server =
        Program.start(
            name,
            folder,
            Map.of("OTEL_SERVICE_NAME", name),
            List.of(
                "unshare",
                "--net",
                "bash",
                "-c",
                "ip link set lo up && exec \"$@\"",
                name,
                SERVER,
                Paths.example("python-server/server.py"),
                "--threads",
                "127.0.0.1:" + port));
    server.awaitLine("listening on");
    return server;
  }

  private void curlWithin(Program server, String url) {
    Program.run(
        folder, "nsenter", "--net", "--target", server.pid() + "", "curl", "-sS", "-m", "20", url);
  }

  @Test
  void onlyWhatRunsInAContainersCgroupIsInAContainer() throws IOException {
    String id = "c0ffee".repeat(11).substring(0, 64);
    Path cgroup = containerCgroup(id);
    assumeTrue(cgroup != null, "skipped: no cgroup can be made here");
    int port = Ports.free();
    try (WebServer outside = WebServer.start(WebServer.Kind.NODE, folder)) {
      try (Sonde sonde =
              observing(
                  "instrument = [ { containers_only = true, open_ports = \"15000-32000\" } ]");
          Program inside =
              Program.start(
                  "inside",
                  folder,
                  List.of(
                      "bash",
                      "-c",
                      "echo $$ >'" + cgroup + "/cgroup.procs' && exec \"$@\"",
                      "inside",
                      SERVER,
                      Paths.example("python-server/server.py"),
                      "--threads",
                      "127.0.0.1:" + port))) {
        inside.awaitLine("listening on");
        Http.curl(folder, outside.url("/outside"));
        Http.curl(folder, "http://127.0.0.1:" + port + "/inside");

        assertThat(
                sonde.awaitTraces(
                    1, trace -> trace.serverPort() == port || trace.serverPort() == outside.port()))
            .singleElement()
            .returns("/inside", Trace::path);
      }
    } finally {
      await("the cgroup to be empty")
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> Files.deleteIfExists(cgroup) || Files.notExists(cgroup));
      Files.deleteIfExists(cgroup.getParent());
    }
  }

  /** As Docker names it, in the first hierarchy that lets us; null when none does. */
  private static Path containerCgroup(String id) throws IOException {
    ThisMachine.assumeItCanBeObserved();
    for (String hierarchy : List.of("freezer", "unified", ".")) {
      Path root = Path.of("/sys/fs/cgroup", hierarchy);
      if (Files.isWritable(root.resolve("cgroup.procs"))) {
        return Files.createDirectories(
            root.resolve("sonde-test").resolve("docker-" + id + ".scope"));
      }
    }
    return null;
  }
}
