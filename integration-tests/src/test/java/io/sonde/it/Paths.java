package io.sonde.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where things are, told by the build. */
final class Paths {
  private Paths() {}

  static Path root() {
    return Path.of(property("sonde.root")).toAbsolutePath().normalize();
  }

  /** The launcher of the built distribution. */
  static Path launcher() {
    return Path.of(property("sonde.distribution"))
        .toAbsolutePath()
        .normalize()
        .resolve("bin/sonde");
  }

  static String example(String path) {
    return root().resolve("examples").resolve(path).toString();
  }

  /** Of the servers that are only for these tests. */
  static String server(String path) {
    return root().resolve("integration-tests/servers").resolve(path).toString();
  }

  static Path resource(String name) {
    try {
      return Path.of(Paths.class.getResource("/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A test resource with its placeholders replaced, written to a file. */
  static Path filled(String resource, Map<String, String> replacements, Path file) {
    try {
      String text = Files.readString(resource(resource));
      for (Map.Entry<String, String> one : replacements.entrySet()) {
        text = text.replace(one.getKey(), one.getValue());
      }
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException("run by Maven, which sets -D" + name);
    }
    return value;
  }
}
