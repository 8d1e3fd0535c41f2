package io.sonde.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
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

  private ThisMachine() {}

  static void assumeItCanBeObserved() {
    assumeTrue("root".equals(System.getProperty("user.name")), "skipped: probes need root");
    String release = System.getProperty("os.version");
    assumeTrue(
        isRecent(release), "skipped: the probes need Linux 6.3 or newer, this is " + release);
    assumeTrue(Files.exists(Path.of("/sys/kernel/btf/vmlinux")), "skipped: this kernel has no BTF");
  }

  static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
