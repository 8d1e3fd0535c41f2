package io.sonde.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The JDKs of this machine. */
final class Jdk {
  private static final Path ALL = Path.of("/usr/lib/jvm");

  private Jdk() {}

  /** The one that the tests run on. */
  static Path own() {
    return Path.of(System.getProperty("java.home"));
  }

  /** JDK 25, where it is installed. */
  static Optional<Path> newer() {
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(ALL, "*25*")) {
      for (Path home : homes) {
        if (Files.isExecutable(home.resolve("bin/java"))) {
          return Optional.of(home);
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String java(Path home) {
    return home.resolve("bin/java").toString();
  }
}
