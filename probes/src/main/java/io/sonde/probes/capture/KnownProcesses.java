package io.sonde.probes.capture;

import io.sonde.contract.v1.ProcessStarted;
import io.sonde.probes.BoundedMap;
import io.sonde.probes.host.ProcFs;
import io.sonde.probes.host.ProcessFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The processes that the receiver has been told about, each once. The look-up by the hot path
 * allocates nothing while the same process goes on.
 */
final class KnownProcesses {
  private static final int MAX = 16384;

  private final ProcFs proc;
  private final IntFunction<List<String>> rules;
  private final Map<Integer, ProcessStarted> known = BoundedMap.byAge(MAX);

  /** Forked and not met yet: what holds for them if they are gone before /proc can be asked. */
  private final Map<Integer, ProcessStarted> children = BoundedMap.byAge(MAX);

  private int latest;

  /**
   * @param rules ids of those that select a process, by its pid
   */
  KnownProcesses(ProcFs proc, IntFunction<List<String>> rules) {
    this.proc = proc;
    this.rules = rules;
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

  /**
   * Facts of a process seen for the first time, to be told. One that is gone already is what its
   * parent was if it was seen being forked, and else has no name: better than losing what it did.
   */
  ProcessStarted meet(int pid) {
    ProcessStarted child = children.remove(pid);
    return proc.facts(pid)
        .map(this::remember)
        .orElseGet(
            () ->
                remember(child != null ? child : ProcessStarted.newBuilder().setPid(pid).build()));
  }

  /** Of a process that is known: as it was told, but with the rules that select it now. */
  ProcessStarted selectedAnew(int pid) {
    return remember(
        known.get(pid).toBuilder().clearSelectedBy().addAllSelectedBy(rules.apply(pid)).build());
  }

  /** Until it calls execve, a child is what its parent is. */
  void forked(int pid, long startNs, int parentPid) {
    ProcessStarted parent = known.getOrDefault(parentPid, children.get(parentPid));
    if (parent != null) {
      children.put(
          pid,
          parent.toBuilder()
              .setPid(pid)
              .setStartNs(ProcessFacts.wholeTicks(startNs))
              .setParentPid(parentPid)
              .setNamespacePid(parent.getNamespacePid() == parent.getPid() ? pid : 0)
              .build());
    }
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
            .setWorkingDirectory(facts.workingDirectory())
            .setLanguage(facts.language())
            .setContainerId(facts.containerId())
            .setPodUid(facts.podUid())
            .setNetns(facts.netns())
            .putAllEnvironment(facts.environment())
            .addAllSelectedBy(rules.apply(facts.pid()))
            .build();
    return remember(message);
  }

  private ProcessStarted remember(ProcessStarted process) {
    known.put(process.getPid(), process);
    latest = process.getPid();
    return process;
  }

  /**
   * @return what was known of it, empty when nothing
   */
  Optional<ProcessStarted> forget(int pid) {
    latest = 0;
    children.remove(pid);
    return Optional.ofNullable(known.remove(pid));
  }

  /** What there is to say now of those that still run, to be told again. */
  List<ProcessStarted> describeAnew() {
    latest = 0;
    List<ProcessStarted> told = new ArrayList<>();
    for (ProcessStarted before : List.copyOf(known.values())) {
      proc.facts(before.getPid())
          .filter(facts -> facts.startNs() == before.getStartNs())
          .ifPresent(facts -> told.add(remember(facts)));
    }
    return told;
  }

  Collection<ProcessStarted> all() {
    return known.values();
  }
}
