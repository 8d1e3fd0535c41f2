package io.sonde.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The Go examples, each built once per test run. */
final class GoPrograms {
  private static final Map<String, String> BUILT = new ConcurrentHashMap<>();

  private GoPrograms() {}

  /**
   * @param options of {@code go build}
   * @return path of the executable
   */
  static String build(String example, String... options) {
    String name = example + String.join("", options).replaceAll("[^a-z0-9]+", "-");
    return BUILT.computeIfAbsent(name, key -> compile(example, key, options));
  }

  private static String compile(String example, String name, String... options) {
    try {
      Path target = Files.createDirectories(Paths.root().resolve("integration-tests/target/go"));
      Path executable = target.resolve(name);
      List<String> command = new ArrayList<>(List.of("env", "--chdir", Paths.example(example)));
      command.addAll(List.of("go", "build", "-o", executable.toString()));
      command.addAll(List.of(options));
      Program.run(target, command.toArray(String[]::new));
      return executable.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
