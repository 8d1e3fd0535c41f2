package io.sonde.probes.doctor;

import io.sonde.contract.doctor.Finding;
import io.sonde.probes.host.PidNamespace;
import io.sonde.probes.host.UnfitHostException;
import java.io.IOException;
import java.util.List;

/** Whether what we see around us is the host. */
final class NamespaceCheck implements Check {
  private static final String WHOLE_USER_NAMESPACE = "0 0 4294967295";

  private final Host host;

  NamespaceCheck(Host host) {
    this.host = host;
  }

  @Override
  public List<Finding> look() {
    return List.of(pids(), users());
  }

  private Finding pids() {
    try {
      PidNamespace.requireInitial(host.file("proc"), ProcessHandle.current().pid());
      return Finding.ok("pid_namespace", "it is the host's");
    } catch (UnfitHostException e) {
      return Finding.failed("pid_namespace", e.getMessage(), "capture refuses to start", "");
    }
  }

  private Finding users() {
    String check = "user_namespace";
    try {
      String map = host.text("proc/self/uid_map").replaceAll("\\s+", " ");
      return map.equals(WHOLE_USER_NAMESPACE)
          ? Finding.ok(check, "it is the host's")
          : Finding.failed(
              check,
              "root here is not root of the host (uid_map: " + map + ")",
              "nothing can be captured: capabilities of a user namespace do not load BPF programs",
              "start capture without a user namespace of its own (no userns-remap, not rootless)");
    } catch (IOException e) {
      return Finding.couldNotTell(check, "/proc/self/uid_map: " + e, "mount /proc");
    }
  }
}
