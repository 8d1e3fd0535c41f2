package io.sonde.probes.capture;

import java.util.List;
import java.util.regex.Pattern;

/** Which processes are observed: any rule that matches is enough. */
record Selection(List<PortRange> ports, List<Pattern> executables, List<Integer> pids) {
  Selection {
    ports = List.copyOf(ports);
    executables = List.copyOf(executables);
    pids = List.copyOf(pids);
  }

  /** Whether what a process executes can select it. */
  boolean byExecutable() {
    return !executables.isEmpty();
  }

  boolean selectsExecutable(String path) {
    return executables.stream().anyMatch(pattern -> pattern.matcher(path).matches());
  }

  boolean selectsPid(int pid) {
    return pids.contains(pid);
  }
}
