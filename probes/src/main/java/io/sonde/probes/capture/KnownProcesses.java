package io.sonde.probes.capture;

import io.sonde.contract.v1.ProcessStarted;
import io.sonde.probes.host.ProcFs;
import io.sonde.probes.host.ProcessFacts;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The processes that the receiver has been told about, each once. The look-up by the hot path
 * allocates nothing while the same process goes on.
 */
final class KnownProcesses {
  private static final int MAX = 16384;

  private final ProcFs proc;
  private final Map<Integer, ProcessStarted> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, ProcessStarted> eldest) {
          return size() > MAX;
        }
      };
  private int latest;

  KnownProcesses(ProcFs proc) {
    this.proc = proc;
  }

  boolean contains(int pid) {
    if (pid == latest) {
      return true;
    }
    if (known.containsKey(pid)) {
      latest = pid;
      return true;
    }
    return false;
  }

  /** Facts of a process seen for the first time, to be told; empty when it is gone already. */
  Optional<ProcessStarted> meet(int pid) {
    return proc.facts(pid).map(this::remember);
  }

  /** Remembers facts, replacing what was known of the pid. */
  ProcessStarted remember(ProcessFacts facts) {
    ProcessStarted message =
        ProcessStarted.newBuilder()
            .setPid(facts.pid())
            .setStartNs(facts.startNs())
            .setParentPid(facts.parentPid())
            .setUid(facts.uid())
            .setNamespacePid(facts.namespacePid())
            .setExecutable(facts.executable())
            .addAllArguments(facts.arguments())
            .setLanguage(facts.language())
            .setContainerId(facts.containerId())
            .setNetns(facts.netns())
            .putAllEnvironment(facts.environment())
            .build();
    known.put(facts.pid(), message);
    latest = facts.pid();
    return message;
  }

  /**
   * @return what was known of it, empty when nothing
   */
  Optional<ProcessStarted> forget(int pid) {
    latest = 0;
    return Optional.ofNullable(known.remove(pid));
  }

  Collection<ProcessStarted> all() {
    return known.values();
  }
}
