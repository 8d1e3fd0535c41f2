package io.sonde.launcher.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.launcher.config.ConfigReader;
import io.sonde.launcher.config.Half;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Recordings that earlier releases have made are replayed by every later one. They are never made
 * anew.
 */
class GoldenRecordingTest {
  @TempDir Path folder;

  /** curl, nginx and Node: a GET, a POST, one with a chunked body, a HEAD, a 404. */
  @Test
  void aRecordingOfLayoutVersion1StillTellsTheSame() throws Exception {
    assertThat(replay("layout-v1.recording")).isEqualTo(text("layout-v1.txt"));
  }

  /** Over TLS: curl, nginx and Node; the same, and a page of 300,000 bytes and a bare handshake. */
  @Test
  void aRecordingOfLayoutVersion2StillTellsTheSame() throws Exception {
    assertThat(replay("layout-v2.recording")).isEqualTo(text("layout-v2.txt"));
  }

  private String replay(String name) throws Exception {
    Path file = folder.resolve(name);
    try (InputStream in = getClass().getResourceAsStream(name)) {
      Files.copy(in, file);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    var config =
        ConfigReader.read(
            null,
            null,
            Map.of("BEYLA_TRACE_PRINTER", "json"),
            EnumSet.noneOf(Half.class),
            new ArrayList<>());
    int exitCode =
        new Playback(file, () -> true)
            .run(config.pipeline(), new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(exitCode).isZero();
    return out.toString(StandardCharsets.UTF_8)
        .lines()
        .map(line -> summary(ConfigFactory.parseString(line)) + "\n")
        .collect(Collectors.joining());
  }

  /** What no release may come to see otherwise. */
  private static String summary(Config trace) {
    Config attributes = trace.getConfig("attributes");
    return "%s %s %s %s %s %s from %s to %s at %s for %s us"
        .formatted(
            trace.getString("kind"),
            attributes.getString("method"),
            attributes.getString("url"),
            attributes.getString("status"),
            attributes.getString("contentLen"),
            attributes.getString("responseLen"),
            trace.getString("peerPort"),
            trace.getString("hostPort"),
            trace.getString("start"),
            trace.getString("durationUSec"));
  }

  private String text(String name) throws IOException {
    try (InputStream in = getClass().getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
