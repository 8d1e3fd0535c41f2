package io.sonde.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs of others that are built from their published Go modules: once per machine, then
 * kept under the user's cache folder.
 */
final class GoModules {
  private static final int GO = 25;

  /** From nothing, on a machine of two cores that has other things to do. */
  private static final Duration PATIENCE = Duration.ofMinutes(40);

  private static final Path HERE = Path.of(System.getProperty("java.io.tmpdir"));

  private GoModules() {}

  /** Skips the test, aloud, where Go is too old to build them. */
  static void assumeGoBuildsThem() {
    Matcher version = Pattern.compile("go1\\.(\\d+)").matcher(Program.run(HERE, "go", "version"));
    assumeTrue(
        version.find() && Integer.parseInt(version.group(1)) >= GO,
        "skipped: Collector, Prometheus and Jaeger need Go 1." + GO + ", this machine has older");
  }

  /**
   * @return path of the executable
   */
  static String collector() {
    return build("collector/build");
  }

  static String prometheus() {
    return build("upstream/build", "prometheus");
  }

  static String jaeger() {
    return build("upstream/build", "jaeger");
  }

  private static String build(String script, String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = Paths.root().resolve("integration-tests").resolve(script).toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return Program.run(PATIENCE, HERE, command).strip();
  }
}
