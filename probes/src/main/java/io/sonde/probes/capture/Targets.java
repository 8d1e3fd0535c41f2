package io.sonde.probes.capture;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfMap;
import io.sonde.probes.host.ProcFs;
import io.sonde.probes.host.ProcessFacts;
import io.sonde.probes.probe.TargetTable;
import io.sonde.probes.probe.existing.ExistingProbe;
import io.sonde.probes.probe.existing.Listener;
import io.sonde.probes.probe.files.FileTracking;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Logger;

/**
 * Decides which processes are traced and tells the kernel, by its {@link TargetTable}. Follows
 * exec, fork, listen and exit as the kernel reports them; it never polls.
 */
final class Targets {
  private static final Logger LOG = Logger.getLogger(Targets.class.getName());

  private Selection selection;
  private final TargetTable table;
  private final ExistingProbe existing;
  private final FileTracking files;
  private final ProcFs proc;
  private final int ownPid;
  private final Decisions decisions = new Decisions();

  Targets(
      Selection selection,
      TargetTable table,
      ExistingProbe existing,
      FileTracking files,
      ProcFs proc,
      int ownPid) {
    this.selection = selection;
    this.table = table;
    this.existing = existing;
    this.files = files;
    this.proc = proc;
    this.ownPid = ownPid;
  }

  /**
   * One bit per port that a rule names, so that the kernel tells of a process that begins to listen
   * there, and holds it as pending until it is decided upon.
   */
  static void writePorts(Selection selection, BpfMap ports) throws BpfException {
    long[] words = new long[1024];
    for (PortRange range : selection.portsOfInterest()) {
      for (int port = range.first(); port <= range.last(); port++) {
        words[port >> 6] |= 1L << (port & 63);
      }
    }
    for (int i = 0; i < words.length; i++) {
      ports.putLong(i, words[i]);
    }
  }

  /** Selects among the processes that run already, then marks their open sockets. */
  void selectRunning() throws BpfException {
    files.expectPrograms(selection.looksAtExec());
    Map<Integer, Set<Integer>> ports = listening();
    List<Integer> running = proc.pids();
    warnOfMissing(running);
    for (int pid : running) {
      Set<Integer> own = ports.getOrDefault(pid, Set.of());
      Decision decision = selection.decide(ProcCandidate.running(proc, pid, own));
      if (pid != ownPid && decision.selected()) {
        decisions.put(pid, decision, own);
        table.put(pid, true);
        tellFiles(pid, decision);
      }
    }
    existing.mark();
  }

  /**
   * Observes others from now on. Processes that it does not select any more are not told of, those
   * that it selects newly are, with the connections that they have.
   */
  void select(Selection next, BpfMap portsOfInterest) throws BpfException {
    selection = next;
    files.expectPrograms(next.looksAtExec());
    writePorts(next, portsOfInterest);
    Map<Integer, Set<Integer>> ports = listening();
    List<Integer> running = proc.pids();
    warnOfMissing(running);
    for (int pid : running) {
      boolean before = decisions.of(pid).selected() || table.isSelected(pid);
      Set<Integer> own = ports.getOrDefault(pid, Set.of());
      Decision now =
          pid == ownPid ? Decision.NO : selection.decide(ProcCandidate.running(proc, pid, own));
      if (now.selected() || before) {
        decisions.put(pid, now, own);
      }
      if (now.selected()) {
        table.put(pid, true);
        tellFiles(pid, now);
      } else if (before) {
        table.put(pid, false);
        tellFiles(pid, now);
      }
    }
    scan();
  }

  /** As it is now. */
  Selection selection() {
    return selection;
  }

  private void warnOfMissing(List<Integer> running) {
    for (Rule rule : selection.instrument()) {
      for (int wanted : rule.pids()) {
        if (!running.contains(wanted)) {
          LOG.warning(
              () ->
                  rule.key()
                      + " names process "
                      + wanted
                      + ", but there is no such process in our pid namespace");
        }
      }
    }
  }

  /** Ports by pid. */
  private Map<Integer, Set<Integer>> listening() throws BpfException {
    Map<Integer, Set<Integer>> ports = new HashMap<>();
    for (Listener listener : existing.listeners()) {
      ports.computeIfAbsent(listener.pid(), pid -> new HashSet<>()).add(listener.port());
    }
    return ports;
  }

  /**
   * A process has executed a new program, and is pending in the kernel until this returns.
   *
   * @return its facts when it is (still) selected
   */
  Optional<ProcessFacts> executed(ProcessRecord exec, boolean wasTold) throws BpfException {
    int pid = exec.pid();
    // a socket that it listened on may have been handed to the new program
    boolean mayListen = !decisions.ports(pid).isEmpty();
    Set<Integer> ports = mayListen ? listening().getOrDefault(pid, Set.of()) : Set.of();
    ProcCandidate candidate = ProcCandidate.executed(proc, exec, ports);
    Decision decision = selection.decide(candidate);
    decisions.put(pid, decision, ports);
    table.answer(pid, exec.timeNs(), decision.selected());
    LOG.fine(() -> "exec by pid " + pid + ": " + (decision.selected() ? "selected" : "no"));
    if (decision.selected()) {
      files.executed(pid, decision.tls());
      if (proc.holdsSockets(pid)) {
        scan(); // it may be handed what another one listens to, as systemd does
      }
      return Optional.of(facts(exec));
    }
    if (wasTold) {
      files.left(pid);
    }
    if (wasTold || !ports.isEmpty()) {
      scan(); // what it has open is no longer ours
    }
    return Optional.empty();
  }

  /**
   * A process has begun to listen on a port that a rule names, and is pending in the kernel until
   * this returns.
   *
   * @return whether another decision was made than before, or by other rules
   */
  boolean listening(ProcessRecord listen) throws BpfException {
    int pid = listen.pid();
    Decision before = decisions.of(pid);
    Set<Integer> ports = decisions.ports(pid, listen.port());
    Decision now = selection.decide(ProcCandidate.running(proc, pid, ports), before.selectedBy());
    decisions.put(pid, now, ports);
    table.answer(pid, listen.timeNs(), now.selected());
    if (!now.selected() || !before.selected()) {
      scan(); // what it has opened before is no longer ours, or is now
    }
    tellFiles(pid, now);
    return !now.equals(before);
  }

  private void tellFiles(int pid, Decision decision) {
    if (decision.selected()) {
      files.selected(pid, decision.tls());
    } else {
      files.left(pid);
    }
  }

  private void scan() throws BpfException {
    existing.listeners();
    existing.mark();
  }

  private ProcessFacts facts(ProcessRecord exec) {
    return proc.facts(exec.pid())
        .filter(facts -> facts.startNs() == ProcessFacts.wholeTicks(exec.startNs()))
        .filter(facts -> !facts.executable().isEmpty())
        .orElseGet(
            () ->
                ProcessFacts.ofExec(
                    exec.pid(),
                    exec.startNs(),
                    exec.parentPid(),
                    exec.uid(),
                    exec.path(),
                    exec.arguments()));
  }

  /** A child of a traced process: what holds for the parent holds for it. */
  void forked(ProcessRecord fork) {
    int child = fork.pid();
    decisions.inherit(child, fork.parentPid());
    boolean known = decisions.isKnown(child); // else the record of the parent's birth was lost
    boolean selected = known ? decisions.of(child).selected() : table.isSelected(child);
    table.answer(child, fork.timeNs(), selected);
    if (known && selected) {
      files.forked(child, fork.parentPid());
    }
  }

  void exited(int pid) {
    if (decisions.of(pid).selected()) {
      files.left(pid);
    }
    decisions.exited(pid);
    table.remove(pid);
  }

  /** What was decided last; {@link Decision#NO} when nothing was. */
  Decision decision(int pid) {
    return decisions.of(pid);
  }

  /** Whether a record that was written while its process was pending is to be kept. */
  boolean keepsPending(int pid) {
    return decisions.of(pid).selected() || table.isSelected(pid);
  }
}
