package io.sonde.probes.doctor;

import io.sonde.contract.doctor.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Memory and clock. */
final class ResourceCheck implements Check {
  /** Both halves with their ring, measured, and as much again. */
  private static final long MEMORY_BYTES = 400L << 20;

  private static final long NS_PER_S = 1_000_000_000L;
  private static final long SUSPENDED_S = 2;

  private final Host host;

  ResourceCheck(Host host) {
    this.host = host;
  }

  @Override
  public List<Finding> look() {
    return List.of(memlock(), memory(), clock());
  }

  private Finding memlock() {
    try {
      String limit = host.field("proc/self/limits", "Max locked memory").split("\\s+")[0];
      return Finding.ok(
          "memlock",
          limit + ": without effect, since the kernels Sonde runs on charge maps to the cgroup");
    } catch (IOException e) {
      return Finding.couldNotTell("memlock", "/proc/self/limits: " + e, "mount /proc");
    }
  }

  private Finding memory() {
    try {
      for (String line : host.text("proc/self/cgroup").split("\n")) {
        if (line.startsWith("0::/")) {
          return limit(Path.of("sys/fs/cgroup").resolve(line.substring("0::/".length())));
        }
      }
      return Finding.ok("memory", "no cgroup v2 limits it");
    } catch (IOException e) {
      return Finding.couldNotTell(
          "memory", "the limit of the cgroup: " + e, "mount /proc and /sys");
    }
  }

  /** The lowest on the way up. */
  private Finding limit(Path group) throws IOException {
    for (Path at = group; at != null && at.startsWith("sys/fs/cgroup"); at = at.getParent()) {
      String file = at.resolve("memory.max").toString();
      String max = host.has(file) ? host.text(file) : "max";
      if (!max.equals("max") && Long.parseLong(max) < MEMORY_BYTES) {
        return Finding.degraded(
            "memory",
            "the cgroup may use " + (Long.parseLong(max) >> 20) + " MiB",
            "the kernel may kill a half of Sonde under load: what it held is lost",
            "give both halves together " + (MEMORY_BYTES >> 20) + " MiB");
      }
    }
    return Finding.ok("memory", "no cgroup v2 limits it to less than both halves take");
  }

  /** CLOCK_MONOTONIC, which the kernel's times are of, stands still while the host is suspended. */
  private Finding clock() {
    try {
      double uptime = Double.parseDouble(host.text("proc/uptime").split(" ")[0]);
      long suspended = (long) uptime - System.nanoTime() / NS_PER_S;
      String source = host.text("sys/devices/system/clocksource/clocksource0/current_clocksource");
      String slept = suspended > SUSPENDED_S ? ", suspended " + suspended + " s since boot" : "";
      return source.equals("hpet") || source.equals("acpi_pm")
          ? Finding.degraded(
              "clock",
              "the clock source is " + source + slept,
              "each event costs the observed program microseconds instead of nanoseconds",
              "use tsc or the hypervisor's (see dmesg for why tsc was given up)")
          : Finding.ok("clock", "the clock source is " + source + slept);
    } catch (IOException | NumberFormatException e) {
      return Finding.couldNotTell("clock", "its source: " + e, "mount /proc and /sys");
    }
  }
}
