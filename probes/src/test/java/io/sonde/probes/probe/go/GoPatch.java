package io.sonde.probes.probe.go;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Go programs that say other things of their making. */
final class GoPatch {
  private GoPatch() {}

  /**
   * A copy in which a text is another one.
   *
   * @param to as long as the one that it replaces
   */
  static Path version(Path executable, String from, String to, Path folder) throws IOException {
    assertThat(to).hasSameSizeAs(from);
    String bytes = Files.readString(executable, StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains(from);
    Path patched = folder.resolve("patched");
    Files.writeString(patched, bytes.replace(from, to), StandardCharsets.ISO_8859_1);
    return Files.setPosixFilePermissions(patched, PosixFilePermissions.fromString("rwx------"));
  }
}
