package io.sonde.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A program started by a test, with its output in files and a certain end. Its environment is ours
 * cut down to what programs need to run, so that no setting of the developer's shell leaks in.
 */
final class Program implements AutoCloseable {
  private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG");
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final String name;
  private final Process process;
  private final Path output;
  private final Path errors;

  private Program(String name, Process process, Path output, Path errors) {
    this.name = name;
    this.process = process;
    this.output = output;
    this.errors = errors;
  }

  static Program start(String name, Path folder, List<String> command) {
    return start(name, folder, Map.of(), command);
  }

  /**
   * @param name of the two log files in {@code folder}, which is also the working folder
   */
  static Program start(String name, Path folder, Map<String, String> env, List<String> command) {
    try {
      Path output = Files.createTempFile(folder, name + "-", ".out");
      Path errors = Path.of(output.toString().replaceFirst("out$", "err"));
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      builder.environment().keySet().retainAll(INHERITED);
      builder
          .environment()
          .put("JAVA_HOME", System.getProperty("java.home")); // Sonde runs on our JVM
      builder.environment().putAll(env);
      return new Program(name, builder.start(), output, errors);
    } catch (IOException e) {
      throw new UncheckedIOException("could not start " + command, e);
    }
  }

  /** Runs a program to its end; fails when it does not end with 0. */
  static String run(Path folder, String... command) {
    return run(Duration.ofMinutes(10), folder, command);
  }

  static String run(Duration atMost, Path folder, String... command) {
    try (Program program =
        start(Path.of(command[0]).getFileName() + "", folder, List.of(command))) {
      int exit = program.awaitExit(atMost);
      if (exit != 0) {
        throw new IllegalStateException(
            String.join(" ", command) + " ended with " + exit + program.everything());
      }
      return program.output();
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  String output() {
    return read(output);
  }

  String errors() {
    return read(errors);
  }

  /** Of what a program has printed, all that is whole: the last line may still be being written. */
  static String wholeLines(String printed) {
    return printed.substring(0, printed.lastIndexOf('\n') + 1);
  }

  /** Waits until a line of either stream holds the pattern. */
  void awaitLine(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    await(name + " to print " + pattern)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              if (compiled.matcher(output()).find() || compiled.matcher(errors()).find()) {
                return true;
              }
              if (!process.isAlive()) {
                throw new IllegalStateException(
                    name + " ended with " + process.exitValue() + everything());
              }
              return false;
            });
  }

  /** A line to its standard input, which ends with the program. */
  void say(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not listen" + everything(), e);
    }
  }

  int awaitExit(Duration atMost) {
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(name + " still runs after " + atMost + everything());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGKILL, to itself and all that it started, and waits. */
  void kill() {
    List<ProcessHandle> family = process.descendants().toList();
    process.destroyForcibly();
    family.forEach(ProcessHandle::destroyForcibly);
    awaitExit(GRACE);
    family.forEach(member -> member.onExit().join());
  }

  /** SIGSTOP: it keeps its connections and answers nothing, until {@link #resume}. */
  void hang() {
    signal("STOP");
    await(name + " to stop").atMost(Duration.ofSeconds(30)).until(this::isStopped);
  }

  /** With all of its threads: each stops by itself. */
  private boolean isStopped() throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid() + "/task"))) {
      return threads.allMatch(thread -> read(thread.resolve("status")).contains("\nState:\tT"));
    }
  }

  void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    run(output.getParent(), "kill", "-" + name, Long.toString(pid()));
  }

  /** SIGTERM, and waits. Returns the exit code: 143 when the signal itself ended it. */
  int terminate() {
    process.destroy();
    return awaitExit(GRACE);
  }

  /** What both streams hold, for failure messages. */
  String everything() {
    return "\n--- " + name + " stdout\n" + output() + "\n--- " + name + " stderr\n" + errors();
  }

  /** SIGTERM; SIGKILL when that is not enough, so that no test leaves a program behind. */
  @Override
  public void close() {
    List<ProcessHandle> family = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    family.forEach(ProcessHandle::destroyForcibly);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
