package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code sonde record} beside real programs, and what {@code sonde replay} makes of it elsewhere.
 */
class RecordingIT {
  private static final String SECRET = "hunter2";

  /** Six requests: served by nginx, asked by nginx, served by Node. */
  private static final int TRACES = 18;

  @TempDir Path folder;
  private Path recording;

  @BeforeEach
  void nameRecording() {
    recording = folder.resolve("made.recording");
  }

  @Test
  void aReplayByNobodyWithoutANetworkPrintsWhatWasPrintedLive() throws Exception {
    String live;
    try (WebServer node = WebServer.start(WebServer.Kind.NODE, folder);
        WebServer nginx = WebServer.nginxBefore(node, folder);
        Sonde sonde = record(nginx, node)) {
      converse(nginx);
      sonde.awaitTraces(TRACES, trace -> true);
      assertThat(end(sonde)).isZero();
      live = sonde.program().output();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(recording)))
        .isEqualTo("rw-------");

    Program.run(folder, "chown", "nobody", recording.toString());
    try (Program replay = replay(recording, "json")) {
      assertThat(replay.awaitExit(Duration.ofMinutes(1))).as(replay.errors()).isZero();
      assertThat(withoutIds(replay.output())).isEqualTo(withoutIds(live));
    }
  }

  @Test
  void aRedactedRecordingHoldsNoSecretAndTellsOfTheSameRequests() throws Exception {
    List<Trace> live;
    try (WebServer node = WebServer.start(WebServer.Kind.NODE, folder);
        WebServer nginx = WebServer.nginxBefore(node, folder);
        Sonde sonde = record(nginx, node, "--redact")) {
      converse(nginx);
      live = sonde.awaitTraces(TRACES, trace -> true);
      assertThat(end(sonde)).isZero();
    }
    assertThat(unpacked()).contains("/other/echo").doesNotContain(SECRET);

    Program.run(folder, "chown", "nobody", recording.toString());
    try (Program replay = replay(recording, "json")) {
      assertThat(replay.awaitExit(Duration.ofMinutes(1))).as(replay.errors()).isZero();
      assertThat(replay.output()).doesNotContain(SECRET);
      assertThat(requests(replay.output().lines().map(Trace::parse).toList()))
          .isEqualTo(requests(live));
    }
  }

  @Test
  void aFullDiskEndsTheRecordingAndNothingElse() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    Program.run(folder, "mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", small.toString());
    recording = small.resolve("made.recording");
    try (WebServer nginx = WebServer.start(WebServer.Kind.NGINX, folder);
        Sonde sonde = record(nginx)) {
      Http.get(nginx.url("/first"));
      sonde.awaitTraces(1, trace -> trace.path().equals("/first"));
      long begun = Files.size(recording);
      await("the first to be in the file")
          .atMost(Duration.ofSeconds(20))
          .until(() -> Files.size(recording) > begun);
      await("the disk to be full")
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                for (int i = 0; i < 50; i++) {
                  Http.get(nginx.url("/" + System.nanoTime() + "/" + System.nanoTime()));
                }
                return sonde.program().errors().contains("the recording cannot be written");
              });
      int before = sonde.traces().size();
      Http.get(nginx.url("/after"));
      sonde.awaitTraces(1, trace -> trace.path().equals("/after"));
      assertThat(sonde.traces()).hasSizeGreaterThan(before);
      assertThat(end(sonde)).isZero();

      Path kept = folder.resolve("kept.recording");
      Files.copy(recording, kept);
      Program.run(folder, "chown", "nobody", kept.toString());
      try (Program replay = replay(kept, "json")) {
        assertThat(replay.awaitExit(Duration.ofMinutes(1))).as(replay.errors()).isZero();
        assertThat(replay.errors()).contains("has no end");
        assertThat(replay.output()).contains("\"/first\"").doesNotContain("\"/after\"");
      }
    } finally {
      Program.run(folder, "umount", small.toString());
    }
  }

  @Test
  void aLimitOfTimeEndsItByItself() {
    try (WebServer nginx = WebServer.start(WebServer.Kind.NGINX, folder);
        Sonde sonde = record(nginx, "--duration=2s")) {
      assertThat(sonde.program().awaitExit(Duration.ofMinutes(1))).isZero();
    }
    assertThat(recording).isNotEmptyFile();
  }

  @Test
  void whatIsThereIsNotWrittenOver() throws Exception {
    Files.writeString(recording, "mine");
    try (Sonde sonde =
        Sonde.launch(folder, Map.of("BEYLA_OPEN_PORT", "1"), "record", recording.toString())) {
      assertThat(sonde.program().awaitExit(Duration.ofSeconds(30))).isEqualTo(3);
      assertThat(sonde.program().errors()).contains("cannot make " + recording);
    }
    assertThat(recording).hasContent("mine");
  }

  private Sonde record(WebServer server, String... more) {
    return record(List.of(server), more);
  }

  private Sonde record(WebServer first, WebServer second, String... more) {
    return record(List.of(first, second), more);
  }

  private Sonde record(List<WebServer> servers, String... more) {
    List<String> arguments = new ArrayList<>(List.of("record", recording.toString()));
    arguments.addAll(List.of(more));
    String ports =
        String.join(",", servers.stream().map(server -> Integer.toString(server.port())).toList());
    Sonde sonde =
        Sonde.launch(folder, Map.of("BEYLA_OPEN_PORT", ports), arguments.toArray(String[]::new));
    sonde.awaitAttached();
    return sonde;
  }

  private void converse(WebServer nginx) {
    String url = nginx.url("/other/");
    curl(url + "?token=" + SECRET);
    curl(url + "echo", "--data-binary", "password=" + SECRET);
    curl(url + "echo", "-H", "Transfer-Encoding: chunked", "-d", SECRET.repeat(5000));
    curl(url + "bytes?n=9", "-H", "Authorization: Bearer " + SECRET, "-b", "session=" + SECRET);
    curl(url, "--head");
    curl(url + "status/404", "-u", "ada:" + SECRET);
  }

  private void curl(String url, String... more) {
    List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error", url));
    command.addAll(List.of(more));
    Program.run(folder, command.toArray(String[]::new));
  }

  private static int end(Sonde sonde) {
    sonde.program().handle().destroy();
    return sonde.program().awaitExit(Duration.ofMinutes(1));
  }

  /** In a network namespace in which there is not even a loopback interface. */
  private Program replay(Path file, String printer) {
    return Program.start(
        "replay",
        folder,
        Map.of("BEYLA_TRACE_PRINTER", printer),
        List.of(
            "unshare",
            "--net",
            "setpriv",
            "--reuid=nobody",
            "--regid=nogroup",
            "--clear-groups",
            "--bounding-set=-all",
            Paths.launcher().toString(),
            "replay",
            file.toString()));
  }

  /** Ids are given anew. */
  private static String withoutIds(String traces) {
    return traces
        .replaceAll("\"[0-9a-f]{32}\"", "\"trace\"")
        .replaceAll("\"[0-9a-f]{16}\"", "\"span\"");
  }

  private static List<String> requests(List<Trace> traces) {
    return traces.stream()
        .map(
            trace ->
                trace.kind() + " " + trace.method() + " " + trace.path() + " " + trace.status())
        .toList();
  }

  /** All chunks of the recording; the format is described in the receiver's package recording. */
  private String unpacked() throws IOException, DataFormatException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(recording));
    file.position(file.getShort(10) + Integer.BYTES);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (file.hasRemaining()) {
      int stored = file.getInt();
      byte[] plain = new byte[file.getInt()];
      file.getInt(); // the checksum
      Inflater inflater = new Inflater();
      inflater.setInput(file.slice().limit(stored));
      assertThat(inflater.inflate(plain)).isEqualTo(plain.length);
      inflater.end();
      file.position(file.position() + stored);
      all.writeBytes(plain);
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }
}
