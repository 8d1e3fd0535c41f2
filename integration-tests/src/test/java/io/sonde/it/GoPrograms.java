package io.sonde.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The Go examples, each built once per test run. */
final class GoPrograms {
  private static final Map<String, String> BUILT = new ConcurrentHashMap<>();

  private GoPrograms() {}

  /**
   * @return path of the executable
   */
  static String build(String example) {
    return BUILT.computeIfAbsent(example, GoPrograms::compile);
  }

  private static String compile(String example) {
    try {
      Path target = Files.createDirectories(Paths.root().resolve("integration-tests/target/go"));
      Path executable = target.resolve(example);
      Program.run(
          target, "env", "--chdir", Paths.example(example), "go", "build", "-o", executable + "");
      return executable.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
