package io.sonde.probes.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Who this host is.
 *
 * @param machineId /etc/machine-id, empty when there is none
 * @param bootId names the running kernel, and is the same in all its containers
 */
public record HostFacts(String hostName, String machineId, String bootId, String kernelRelease) {
  public static HostFacts read() {
    return new HostFacts(
        line("/proc/sys/kernel/hostname"),
        line("/etc/machine-id"),
        line("/proc/sys/kernel/random/boot_id"),
        line("/proc/sys/kernel/osrelease"));
  }

  /** The same host by another name, unless that is empty. */
  public HostFacts named(String name) {
    return name.isEmpty() ? this : new HostFacts(name, machineId, bootId, kernelRelease);
  }

  /** CLOCK_REALTIME minus CLOCK_MONOTONIC, in ns, now. */
  public static long realtimeOffsetNs() {
    long before = System.nanoTime();
    Instant now = Instant.now();
    long after = System.nanoTime();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano() - (before + (after - before) / 2);
  }

  private static String line(String file) {
    try {
      return Files.readString(Path.of(file), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return ""; // absent is an ordinary answer: the field is documented as empty then
    }
  }
}
