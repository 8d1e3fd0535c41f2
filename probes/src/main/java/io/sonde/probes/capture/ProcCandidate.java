package io.sonde.probes.capture;

import io.sonde.probes.host.ProcFs;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A process as /proc shows it, or as the record of its exec does when it is gone already. Each fact
 * is read once, when it is first asked for: of most processes that a host starts, one fact is
 * enough.
 */
final class ProcCandidate implements Candidate {
  private final ProcFs proc;
  private final int pid;
  private final Set<Integer> ports;
  private final Optional<ProcessRecord> exec;
  private String executable;
  private List<String> arguments;
  private String language;
  private String containerId;

  private ProcCandidate(ProcFs proc, int pid, Set<Integer> ports, Optional<ProcessRecord> exec) {
    this.proc = proc;
    this.pid = pid;
    this.ports = ports;
    this.exec = exec;
  }

  static ProcCandidate running(ProcFs proc, int pid, Set<Integer> ports) {
    return new ProcCandidate(proc, pid, ports, Optional.empty());
  }

  /**
   * @param exec valid only while the decision is made
   */
  static ProcCandidate executed(ProcFs proc, ProcessRecord exec, Set<Integer> ports) {
    return new ProcCandidate(proc, exec.pid(), ports, Optional.of(exec));
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public String executable() {
    if (executable == null) {
      executable = proc.executable(pid).or(() -> exec.map(ProcessRecord::path)).orElse("");
    }
    return executable;
  }

  @Override
  public List<String> arguments() {
    if (arguments == null) {
      List<String> now = proc.arguments(pid);
      arguments = now.isEmpty() ? exec.map(ProcessRecord::arguments).orElse(now) : now;
    }
    return arguments;
  }

  @Override
  public String language() {
    if (language == null) {
      language = proc.language(pid);
    }
    return language;
  }

  @Override
  public String containerId() {
    if (containerId == null) {
      containerId = proc.containerId(pid);
    }
    return containerId;
  }

  @Override
  public Set<Integer> ports() {
    return ports;
  }
}
