package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A receiver and its captures, started apart")
class SidecarIT {
  private static final String HOST = "container-2";
  private static final String COUNT = "http_server_request_duration_seconds_count";
  private static final int STRANGER = 5678;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void twoCapturesAreToldApartAndEachServiceIsToldOnce() throws Exception {
    Sonde.makeSocketDirectory(folder);
    try (WebServer here = WebServer.start(WebServer.Kind.NODE, folder);
        Program elsewhere = serverInNetworkOfItsOwn(15_080);
        Program first = CaptureHalf.start(folder, Sonde.socket(folder), here.port());
        Program second =
            CaptureHalf.startInContainer(folder, Sonde.socket(folder).getParent(), 15_080, HOST)) {
      first.awaitLine("capturing"); // before there is a receiver
      try (Sonde receiver = receiver(Map.of())) {
        awaitCaptures(receiver, 2);
        Http.curl(folder, here.url("/here"), here.url("/here"));
        inNetworkOf(elsewhere, "curl", "-sS", "http://127.0.0.1:15080/elsewhere");

        receiver.awaitTraces(2, trace -> trace.path().equals("/here"));
        receiver.awaitTraces(1, trace -> trace.path().equals("/elsewhere"));
        assertThat(receiver.traces()).hasSize(3);
        awaitInstance(receiver, thisHost() + ":", 2);
        awaitInstance(receiver, HOST + ":" + elsewhere.pid(), 1);
        assertThat(lost(receiver, "other_capture")).isZero();
        assertThat(first.isAlive()).isTrue();
        assertThat(second.isAlive()).isTrue();
      }
    }
  }

  @Test
  void aServiceThatTwoCapturesSeeIsCountedOnceAndTheOtherGoesOnWhenOneIsKilled() throws Exception {
    Sonde.makeSocketDirectory(folder);
    try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde receiver = receiver(Map.of());
        Program first = CaptureHalf.start(folder, Sonde.socket(folder), server.port());
        Program second =
            CaptureHalf.startInContainer(
                folder, Sonde.socket(folder).getParent(), server.port(), HOST);
        RawConnection kept = keptConnection(receiver, server)) {
      kept.get("/kept/1");
      for (int i = 0; i < 7; i++) {
        Http.curl(folder, server.url("/both"), server.url("/both"));
      }
      receiver.awaitTraces(14, trace -> trace.path().equals("/both"));
      receiver.awaitTraces(1, trace -> trace.path().equals("/kept/1"));
      assertThat(lost(receiver, "other_capture")).as("connections").isEqualTo(8);
      assertThat(receiver.program().errors()).contains("select different services");

      first.handle().descendants().forEach(ProcessHandle::destroyForcibly);
      first.handle().destroyForcibly();
      await("the receiver to notice")
          .atMost(PATIENCE)
          .until(() -> receiver.program().errors().contains("is disconnected"));
      kept.get("/kept/2");
      for (int i = 0; i < 5; i++) {
        Http.curl(folder, server.url("/one"));
      }
      receiver.awaitTraces(5, trace -> trace.path().equals("/one"));
      receiver.awaitTraces(1, trace -> trace.path().equals("/kept/2"));
      receiver.awaitTraces(14, trace -> trace.path().equals("/both"));
      awaitCaptures(receiver, 1);
      assertThat(second.isAlive()).isTrue();
    }
  }

  @Test
  void aUserWhoIsNotAdmittedIsRefusedAndCountedAndAdmittedWhenNamed() throws Exception {
    try (WebServer server = WebServer.start(WebServer.Kind.NODE, folder)) {
      try (Sonde receiver = receiver(Map.of());
          Program stranger = stranger(server)) {
        await("the refusal to be counted")
            .atMost(PATIENCE)
            .ignoreExceptionsInstanceOf(IOException.class)
            .until(() -> lost(receiver, "peer_refused") >= 1);
        stranger.awaitLine("allowed_uids");
        assertThat(receiver.program().errors()).contains("refused a connection by uid " + STRANGER);
        assertThat(receiver.metrics().sum("sonde_captures")).isZero();
      }
      Files.writeString(
          folder.resolve("admitting.conf"),
          "receiver { socket = \"%s\", allowed_uids = [%d] }\n"
              .formatted(Sonde.socket(folder), STRANGER));
      try (Sonde receiver =
              receiver(Map.of("BEYLA_CONFIG_PATH", folder.resolve("admitting.conf").toString()));
          Program admitted = stranger(server)) {
        awaitCaptures(receiver, 1);
        Http.curl(folder, server.url("/admitted"));
        receiver.awaitTraces(1, trace -> trace.path().equals("/admitted"));
        assertThat(admitted.isAlive()).isTrue();
      }
    }
  }

  @Test
  void nothingIsToldToAListenerWhoseTheDirectoryIsNot() throws Exception {
    try (Sonde receiver = receiver(Map.of())) {
      receiver.program().awaitLine("listening on");
      Program.run(folder, "chown", "bin", Sonde.socket(folder).getParent().toString());
      try (Program capture = CaptureHalf.start(folder, Sonde.socket(folder), 1)) {
        capture.awaitLine("may be an impostor");
        assertThat(receiver.metrics().sum("sonde_captures")).isZero();
      }
    }
  }

  @Test
  void captureRefusesAPidNamespaceOfItsOwnAndSaysWhatToDo() {
    ThisMachine.assumeItCanBeObserved();
    List<String> container = List.of("unshare", "--pid", "--fork", "--mount-proc");
    try (Program capture = CaptureHalf.start(folder, Sonde.socket(folder), 80, container)) {
      assertThat(capture.awaitExit(PATIENCE)).as(capture.everything()).isEqualTo(3);
      assertThat(capture.errors()).contains("hostPID: true").doesNotContain("capturing");
    }
  }

  @Test
  void theManifestsGiveWhatTheUnitGives() throws IOException {
    for (String file : List.of("kubernetes.yaml", "compose.yaml")) {
      String manifest = Files.readString(Path.of(Paths.example("sidecar/" + file)));
      Matcher given = Pattern.compile("add: \\[(.*)]").matcher(manifest);
      assertThat(given.find()).isTrue();
      assertThat(given.group(1).split(", ")).containsExactlyElementsOf(CaptureHalf.capabilities());
    }
  }

  @Test
  void theUnitsAreInOrder() throws IOException {
    assumeThat(Path.of("/usr/bin/systemd-analyze"))
        .as("systemd-analyze (Debian: systemd) is not installed: the units are not checked")
        .exists();
    Path home = Paths.launcher().getParent().getParent();
    for (String name : List.of("sonde-receive.service", "sonde-capture.service")) {
      String unit = Files.readString(home.resolve("systemd").resolve(name));
      assertThat(unit).contains("ExecStart=/opt/sonde/bin/sonde ");
      Files.writeString(folder.resolve(name), unit.replace("/opt/sonde", home.toString()));
    }
    Program.run(
        folder,
        "systemd-analyze",
        "verify",
        "--man=no",
        folder.resolve("sonde-receive.service").toString(),
        folder.resolve("sonde-capture.service").toString());
  }

  /** As the unprivileged user who owns the directory of the socket. */
  private Sonde receiver(Map<String, String> env) {
    return Sonde.launchAs(Sonde.receiverUser(), folder, env, "receive");
  }

  private Program stranger(WebServer server) {
    return CaptureHalf.startAsUser(
        folder, Sonde.socket(folder), server.port(), STRANGER, groupOf(Sonde.receiverUser()));
  }

  private String groupOf(String user) {
    return Program.run(folder, "id", "-g", user).strip();
  }

  private Program serverInNetworkOfItsOwn(int port) {
    Program server =
        Program.start(
            "node",
            folder,
            List.of(
                "unshare",
                "--net",
                "bash",
                "-c",
                "ip link set lo up && exec node \"$@\"",
                "node",
                Paths.example("node-server/server.js"),
                "127.0.0.1:" + port));
    server.awaitLine("listening on");
    return server;
  }

  private void inNetworkOf(Program program, String... command) {
    List<String> words =
        new ArrayList<>(List.of("nsenter", "--net=/proc/" + program.pid() + "/ns/net", "--"));
    words.addAll(List.of(command));
    Program.run(folder, words.toArray(String[]::new));
  }

  private static RawConnection keptConnection(Sonde receiver, WebServer server) throws IOException {
    awaitCaptures(receiver, 2);
    return RawConnection.open("127.0.0.1", server.port());
  }

  private static void awaitCaptures(Sonde receiver, int count) {
    await(count + " captures")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(IOException.class)
        .failFast(
            () -> {
              assertThat(receiver.program().isAlive()).as(receiver.program().everything()).isTrue();
            })
        .until(() -> receiver.metrics().sum("sonde_captures") == count);
  }

  private static void awaitInstance(Sonde receiver, String instance, int requests) {
    await("requests of " + instance)
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        receiver.metrics().named(COUNT).stream()
                            .filter(s -> s.labels().get("instance").startsWith(instance))
                            .mapToDouble(Samples.Sample::value)
                            .sum())
                    .isEqualTo(requests));
  }

  private static double lost(Sonde receiver, String cause)
      throws IOException, InterruptedException {
    return receiver.metrics().sum("sonde_stage_lost_total", "cause", cause);
  }

  private static String thisHost() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
