package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Sonde")
class LifecycleIT {
  private static final String CAPTURE = "io.sonde.probes";

  @TempDir Path folder;

  @Test
  void reportsWhatItHasSeenAndLeavesNothingWhenTerminated() throws IOException {
    try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      List<ProcessHandle> processes = sonde.processes("");
      Set<Integer> programs = programsOf(processes);
      assertThat(processes).hasSizeGreaterThanOrEqualTo(2);
      assertThat(programs).isNotEmpty();
      assertThat(Sonde.socket(folder)).exists();
      Http.curl(folder, server.url("/just-before"));

      int exit = sonde.program().terminate();

      assertThat(exit).isZero();
      assertThat(sonde.traces()).extracting(Trace::path).containsExactly("/just-before");
      assertThat(processes).noneMatch(ProcessHandle::isAlive);
      assertThat(Sonde.socket(folder)).doesNotExist();
      assertThat(loadedPrograms()).doesNotContainAnyElementsOf(programs);
    }
  }

  @Test
  void leavesNoHalfBehindWhenItsLauncherIsKilled() throws IOException {
    try (Sonde sonde = Sonde.observingPorts(folder, Ports.free())) {
      List<ProcessHandle> processes = sonde.processes("");
      Set<Integer> programs = programsOf(processes);

      sonde.program().handle().destroyForcibly();

      await("both halves to notice")
          .atMost(Duration.ofSeconds(10))
          .until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
      await("the kernel to drop the programs")
          .until(() -> loadedPrograms().stream().noneMatch(programs::contains));
    }
  }

  @Test
  void capturesWithFiveCapabilitiesAndNoWayToGetMore() throws IOException {
    try (Sonde sonde = Sonde.observingPorts(folder, Ports.free())) {
      ProcessHandle capture = captureOf(sonde);
      for (String status : threadStatuses(capture.pid())) {
        assertThat(status).contains("NoNewPrivs:\t1");
        assertThat(Long.bitCount(Long.parseLong(field(status, "CapEff"), 16))).isEqualTo(5);
        assertThat(field(status, "CapPrm")).isEqualTo(field(status, "CapEff"));
      }
    }
  }

  @Test
  void decodesAsAnUnprivilegedUserWithoutCapabilities() throws IOException {
    try (Sonde sonde = Sonde.observingPorts(folder, Ports.free())) {
      long capture = captureOf(sonde).pid();
      List<ProcessHandle> others =
          sonde.processes("java").stream()
              .filter(process -> process.pid() != capture)
              .filter(process -> process.pid() != sonde.program().pid())
              .toList();
      assertThat(others).isNotEmpty();
      for (ProcessHandle process : others) {
        for (String status : threadStatuses(process.pid())) {
          assertThat(field(status, "CapEff")).isEqualTo("0000000000000000");
          assertThat(field(status, "Uid").split("\t")).doesNotContain("0");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"capture", "receive", "capture,receive", "receive,capture"})
  void reportsNothingTwiceWhenAHalfIsKilledAndStartedAgain(String order) {
    try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder)) {
      Map<String, String> env = observing(server);
      List<Sonde> receivers = new ArrayList<>();
      List<Sonde> captures = new ArrayList<>();
      try {
        receivers.add(Sonde.launch(folder, env, "receive"));
        captures.add(Sonde.launch(folder, env, "capture"));
        last(receivers).awaitAttached();
        Http.curl(folder, server.url("/1"), server.url("/2"));
        last(receivers).awaitTraces(2, trace -> true);

        for (String half : order.split(",")) {
          if (half.equals("capture")) {
            kill(last(captures));
            captures.add(Sonde.launch(folder, env, "capture"));
          } else {
            kill(last(receivers));
            receivers.add(Sonde.launch(folder, env, "receive"));
          }
        }
        last(captures).program().awaitLine("connected to the receiver"); // of the one just started
        last(receivers).awaitAttached();
        Http.curl(folder, server.url("/3"), server.url("/4"));

        await("the requests after the restart")
            .atMost(Duration.ofSeconds(20))
            .until(() -> allPaths(receivers).containsAll(List.of("/3", "/4")));
        await("and none twice")
            .during(Duration.ofSeconds(2))
            .untilAsserted(
                () ->
                    assertThat(allPaths(receivers))
                        .containsExactlyInAnyOrder("/1", "/2", "/3", "/4"));
      } finally {
        captures.forEach(Sonde::close);
        receivers.forEach(Sonde::close);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"capture", "receive"})
  void losesNothingUncountedWhenAHalfIsKilledAmidTraffic(String half) throws Exception {
    int requests = 1500; // ten seconds, for the half that starts amid them on a busy machine
    try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde firstReceiver = Sonde.launch(folder, observing(server), "receive");
        Sonde firstCapture = Sonde.launch(folder, observing(server), "capture")) {
      firstReceiver.awaitAttached();
      String urls = server.url("/[1-" + requests + "]");
      List<String> curl = List.of("curl", "-sS", "--rate", "150/s", urls);
      try (Program traffic = Program.start("curl", folder, curl)) {
        await("traffic").until(() -> firstReceiver.traces().size() > 100);
        kill(half.equals("capture") ? firstCapture : firstReceiver);
        try (Sonde second = Sonde.launch(folder, observing(server), half)) {
          traffic.awaitExit(Duration.ofSeconds(30));
          List<Sonde> receivers =
              half.equals("capture") ? List.of(firstReceiver) : List.of(firstReceiver, second);
          await("the last request")
              .atMost(Duration.ofSeconds(20))
              .until(() -> allPaths(receivers).contains("/" + requests));

          List<String> reported = allPaths(receivers);
          assertThat(reported).doesNotHaveDuplicates();
          if (half.equals("receive") && reported.size() < requests) {
            // Capture tells once a second what it has lost.
            await("the loss").atMost(Duration.ofSeconds(20)).until(() -> lost(second) > 0);
          }
        }
      }
    }
  }

  @Test
  void reportsWhatBeganAndEndedWhileTheReceiverWasAway() {
    try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde first = Sonde.launch(folder, observing(server), "receive");
        Sonde capture = Sonde.launch(folder, observing(server), "capture")) {
      first.awaitAttached();
      // A connection that is announced to the first receiver and used and closed without one.
      List<String> curl =
          List.of("curl", "-sS", "--rate", "15/m", server.url("/before"), server.url("/away/1"));
      try (Program traffic = Program.start("curl", folder, curl)) {
        await("the request before").until(() -> allPaths(List.of(first)).contains("/before"));
        kill(first);
        traffic.awaitExit(Duration.ofSeconds(20));
      }
      Http.curl(folder, server.url("/away/2"));
      try (Sonde second = Sonde.launch(folder, observing(server), "receive")) {
        second.awaitTraces(2, trace -> trace.path().startsWith("/away/"));
        assertThat(second.traces()).hasSize(2);
        assertThat(capture.program().isAlive()).isTrue();
      }
    }
  }

  private static Map<String, String> observing(WebServer server) {
    return Map.of("BEYLA_OPEN_PORT", Integer.toString(server.port()));
  }

  /** As the receiver now running knows it: by itself, and told by capture. */
  private static double lost(Sonde receiver) throws IOException, InterruptedException {
    Samples metrics = receiver.metrics();
    return metrics.sum("sonde_stage_lost_total")
        + metrics.sum("sonde_capture_total", "counter", "receiver_restart");
  }

  @Test
  void startsAHalfAgainThatEndedUnexpectedly() {
    try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      Http.curl(folder, server.url("/1"));
      sonde.awaitTraces(1, trace -> true);
      ProcessHandle first = captureOf(sonde);
      first.destroyForcibly();
      await("another capture process")
          .atMost(Duration.ofSeconds(20))
          .until(() -> sonde.processes(CAPTURE).stream().anyMatch(p -> p.pid() != first.pid()));

      await("requests to be seen again")
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                Http.curl(folder, server.url("/again"));
                return !sonde.traces(trace -> trace.path().equals("/again")).isEmpty();
              });
      assertThat(sonde.traces(trace -> trace.path().equals("/1"))).hasSize(1);
    }
  }

  private static Sonde last(List<Sonde> all) {
    return all.get(all.size() - 1);
  }

  /** The process itself and what it started. */
  private static void kill(Sonde sonde) {
    List<ProcessHandle> processes = sonde.processes("");
    processes.forEach(ProcessHandle::destroyForcibly);
    await("killed").until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
  }

  private static List<String> allPaths(List<Sonde> receivers) {
    return receivers.stream().flatMap(sonde -> sonde.traces().stream()).map(Trace::path).toList();
  }

  private static ProcessHandle captureOf(Sonde sonde) {
    return sonde.processes(CAPTURE).stream()
        .filter(process -> process.children().findAny().isEmpty())
        .findFirst()
        .orElseThrow();
  }

  private static List<String> threadStatuses(long pid) throws IOException {
    List<String> statuses = new ArrayList<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks.toList()) {
        statuses.add(Files.readString(task.resolve("status")));
      }
    }
    return statuses;
  }

  private static String field(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  /** Ids of the BPF programs these processes hold, directly or by a link. */
  private static Set<Integer> programsOf(List<ProcessHandle> processes) throws IOException {
    Set<Integer> ids = new HashSet<>();
    for (ProcessHandle process : processes) {
      try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + process.pid() + "/fdinfo"))) {
        for (Path descriptor : descriptors.toList()) {
          Files.readString(descriptor)
              .lines()
              .filter(line -> line.startsWith("prog_id:"))
              .map(line -> Integer.valueOf(line.substring("prog_id:".length()).strip()))
              .forEach(ids::add);
        }
      }
    }
    return ids;
  }

  /** Ids of all BPF programs in the kernel. */
  private Set<Integer> loadedPrograms() {
    String json = Program.run(folder, "/usr/sbin/bpftool", "-j", "prog", "show");
    return JsonParser.parseString(json).getAsJsonArray().asList().stream()
        .map(program -> program.getAsJsonObject().get("id").getAsInt())
        .collect(Collectors.toSet());
  }
}
