package io.sonde.it;

import java.net.URISyntaxException;
import java.nio.file.Path;

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

  static Path resource(String name) {
    try {
      return Path.of(Paths.class.getResource("/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
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
