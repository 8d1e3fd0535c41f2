package io.sonde.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a machine must have before Sonde can observe anything on it; elsewhere tests are skipped.
 */
final class ThisMachine {
  private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");
  private static final int MAJOR = 6;
  private static final int MINOR = 3;

  private static final Pattern GO = Pattern.compile("go1\\.(\\d+)");
  private static final int GO_FOR_COLLECTOR = 25;

  private ThisMachine() {}

  /** Of the test that needs a real Collector, which is built from its source. */
  static void assumeItCanBuildACollector(Path folder) {
    Matcher version = GO.matcher(Program.run(folder, "go", "version"));
    assumeTrue(
        version.find() && Integer.parseInt(version.group(1)) >= GO_FOR_COLLECTOR,
        "skipped: Collector 0.158 needs Go 1." + GO_FOR_COLLECTOR + ", this machine has older");
  }

  static void assumeItCanBeObserved() {
    assumeTrue("root".equals(System.getProperty("user.name")), "skipped: probes need root");
    String release = System.getProperty("os.version");
    assumeTrue(
        isRecent(release), "skipped: the probes need Linux 6.3 or newer, this is " + release);
    assumeTrue(Files.exists(Path.of("/sys/kernel/btf/vmlinux")), "skipped: this kernel has no BTF");
  }

  private static boolean isRecent(String release) {
    Matcher matcher = RELEASE.matcher(release);
    if (!matcher.matches()) {
      return false;
    }
    int major = Integer.parseInt(matcher.group(1));
    return major > MAJOR || major == MAJOR && Integer.parseInt(matcher.group(2)) >= MINOR;
  }
}
