package io.sonde.probes.capture;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfMap;
import io.sonde.probes.host.ProcFs;
import io.sonde.probes.host.ProcessFacts;
import io.sonde.probes.probe.existing.ExistingProbe;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Logger;

/**
 * Decides which processes are traced and tells the kernel, by the map {@code targets}. Follows
 * exec, fork and exit as the kernel reports them; it never polls.
 */
final class Targets {
  private static final Logger LOG = Logger.getLogger(Targets.class.getName());
  private static final int SELECTED = 1;
  private static final int PENDING = 2;
  private static final int REMEMBERED = 16384;

  private final Selection selection;
  private final BpfMap targets;
  private final ExistingProbe existing;
  private final ProcFs proc;
  private final int ownPid;

  /**
   * What was decided for programs that were executed while we ran. Kept after their exit, since
   * records of a short-lived process are read after it is gone; a new exec of the same pid
   * overwrites.
   */
  private final Map<Integer, Boolean> decisions =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  Targets(Selection selection, BpfMap targets, ExistingProbe existing, ProcFs proc, int ownPid) {
    this.selection = selection;
    this.targets = targets;
    this.existing = existing;
    this.proc = proc;
    this.ownPid = ownPid;
  }

  /**
   * One bit per selected port, so that the kernel itself selects a process that begins to listen.
   */
  static void writePorts(Selection selection, BpfMap ports) throws BpfException {
    long[] words = new long[1024];
    for (PortRange range : selection.ports()) {
      for (int port = range.first(); port <= range.last(); port++) {
        words[port >> 6] |= 1L << (port & 63);
      }
    }
    for (int i = 0; i < words.length; i++) {
      if (words[i] != 0) {
        ports.putLong(i, words[i]);
      }
    }
  }

  /** Selects among the processes that run already, then marks their open sockets. */
  void selectRunning() throws BpfException {
    List<Integer> running = proc.pids();
    for (int wanted : selection.pids()) {
      if (!running.contains(wanted)) {
        LOG.warning(
            () ->
                "target_pids names "
                    + wanted
                    + ", but there is no such process in our pid namespace");
      }
    }
    for (int pid : running) {
      String executable = selection.byExecutable() ? proc.executable(pid).orElse("") : "";
      if (pid != ownPid && selects(pid, executable, () -> proc.arguments(pid))) {
        targets.putInt(pid, SELECTED, BpfMap.Update.ANY);
      }
    }
    existing.scan();
  }

  /** Our own halves would report their own exports, and those their reports. */
  private static boolean isSonde(List<String> arguments) {
    return arguments.stream().anyMatch(argument -> argument.startsWith("io.sonde."));
  }

  /**
   * A process has executed a new program, and is pending in the kernel until this returns.
   *
   * @return its facts when it is (still) selected
   */
  Optional<ProcessFacts> executed(ProcessRecord exec, boolean wasKnown) throws BpfException {
    int pid = exec.pid();
    String path = proc.executable(pid).orElseGet(exec::path);
    boolean selected = selects(pid, path, () -> arguments(exec));
    if (selected) {
      select(pid, proc.executable(pid).isPresent());
    } else {
      reject(pid, path);
      if (wasKnown) {
        existing.scan(); // it may have inherited a socket that listens on a selected port
        selected = targets.getInt(pid, 0) == SELECTED;
      }
    }
    decisions.put(pid, selected);
    LOG.fine(() -> "exec by pid " + pid + ": " + (decisions.get(pid) ? "selected" : "no"));
    return selected ? Optional.of(facts(exec)) : Optional.empty();
  }

  /**
   * An empty executable is one that cannot be read, such as a kernel thread's: no pattern selects
   * it.
   */
  private boolean selects(int pid, String executable, Supplier<List<String>> arguments) {
    return selection.selectsPid(pid)
        || !executable.isEmpty()
            && selection.selectsExecutable(executable)
            && !isSonde(arguments.get());
  }

  private List<String> arguments(ProcessRecord exec) {
    List<String> now = proc.arguments(exec.pid());
    return now.isEmpty() ? exec.arguments() : now;
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

  /**
   * A process may have executed the next program since we looked (spawn helpers do at once), and be
   * pending for that one: then taking it out was wrong, and it is pending again until the record of
   * that exec is read.
   */
  private void reject(int pid, String path) {
    targets.remove(pid);
    if (proc.executable(pid).filter(now -> !now.equals(path)).isPresent()) {
      targets.putInt(pid, PENDING, BpfMap.Update.IF_ABSENT);
      if (proc.executable(pid).isEmpty()) {
        targets.remove(pid);
      }
    }
  }

  /**
   * A process that is gone must not be entered: its pid may be another's soon. One that runs may be
   * missing, when it executed two programs in a row and was decided upon in between; then its
   * sockets are looked for.
   */
  private void select(int pid, boolean running) throws BpfException {
    if (targets.putInt(pid, SELECTED, BpfMap.Update.IF_PRESENT) || !running) {
      return;
    }
    targets.putInt(pid, SELECTED, BpfMap.Update.ANY);
    if (proc.executable(pid).isEmpty()) {
      targets.remove(pid);
    } else {
      existing.scan();
    }
  }

  /** A child of a traced process: what holds for the parent holds for it. */
  void forked(ProcessRecord fork) {
    Boolean decision = decisions.get(fork.parentPid());
    if (decision == null) {
      decisions.remove(fork.pid());
      return;
    }
    decisions.put(fork.pid(), decision);
    if (decision) {
      targets.putInt(fork.pid(), SELECTED, BpfMap.Update.IF_PRESENT);
    } else {
      targets.remove(fork.pid());
    }
  }

  /** Whether a record that was written while its process was pending is to be kept. */
  boolean keepsPending(int pid) {
    return decisions.getOrDefault(pid, false) || targets.getInt(pid, 0) == SELECTED;
  }
}
