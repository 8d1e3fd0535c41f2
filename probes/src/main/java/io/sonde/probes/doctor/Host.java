package io.sonde.probes.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the kernel says of itself in /proc and /sys.
 *
 * @param root {@code /}, but for tests
 */
record Host(Path root) {
  Path file(String path) {
    return root.resolve(path);
  }

  boolean has(String path) {
    return Files.exists(file(path));
  }

  /**
   * @param path relative to the root, as {@code proc/sys/kernel/osrelease}
   */
  String text(String path) throws IOException {
    return Files.readString(file(path), StandardCharsets.UTF_8).strip();
  }

  /** What follows a label at the start of a line, as in /proc/self/status. */
  String field(String path, String label) throws IOException {
    for (String line : text(path).split("\n")) {
      if (line.startsWith(label)) {
        return line.substring(label.length()).strip();
      }
    }
    throw new IOException(path + " has no line " + label);
  }
}
