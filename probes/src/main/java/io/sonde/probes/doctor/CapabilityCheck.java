package io.sonde.probes.doctor;

import io.sonde.contract.doctor.Finding;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Whether the capabilities that capture keeps can be had here. */
final class CapabilityCheck implements Check {
  private static final String STATUS = "proc/self/status";
  private static final String ROOT = "0";
  private static final int HEX = 16;

  private final Host host;

  CapabilityCheck(Host host) {
    this.host = host;
  }

  @Override
  public List<Finding> look() {
    try {
      boolean root = host.field(STATUS, "Uid:").split("\\s+")[1].equals(ROOT);
      // For others: what root would be given here.
      long set = Long.parseUnsignedLong(host.field(STATUS, root ? "CapEff:" : "CapBnd:"), HEX);
      return Arrays.stream(Capability.values()).map(c -> finding(c, root, set)).toList();
    } catch (IOException | NumberFormatException e) {
      return List.of(
          Finding.couldNotTell(
              "capability", "/" + STATUS + " cannot be read: " + e.getMessage(), "mount /proc"));
    }
  }

  /** Whether this very process may load BPF programs. */
  boolean mayLoad() {
    try {
      long held = Long.parseUnsignedLong(host.field(STATUS, "CapEff:"), HEX);
      return Arrays.stream(Capability.values())
          .filter(capability -> capability.essential)
          .allMatch(capability -> (held >> capability.bit & 1) == 1);
    } catch (IOException | NumberFormatException e) {
      return false; // look() says so
    }
  }

  private static Finding finding(Capability capability, boolean root, long set) {
    String check = "capability." + capability.name().toLowerCase(Locale.ROOT);
    String name = "CAP_" + capability.name();
    if ((set >> capability.bit & 1) == 1) {
      return Finding.ok(check, root ? name + " is held" : "root can have " + name + " here");
    }
    String found = "root is not given " + name + " here";
    String remedy = "add " + name + " to the capabilities of the container or service";
    return capability.essential
        ? Finding.failed(check, found, capability.lostWithout, remedy)
        : Finding.degraded(check, found, capability.lostWithout, remedy);
  }
}
