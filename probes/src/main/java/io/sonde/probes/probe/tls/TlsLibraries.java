package io.sonde.probes.probe.tls;

import io.sonde.probes.BoundedMap;
import io.sonde.probes.bpf.BpfMap;
import io.sonde.probes.bpf.PinnedFile;
import io.sonde.probes.probe.tls.HookedFiles.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Which observed processes use which files that do TLS. A file is attached to when its first user
 * appears, and left a while after the last one is gone. For one thread, not the agent's: files may
 * be large, and attaching and detaching wait for the whole system.
 */
final class TlsLibraries implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(TlsLibraries.class.getName());

  /** As many as the kernel's table has room for. */
  private static final int MAX_PROCESSES = 16384;

  /** A program that has just been started has mapped nothing yet; it has after these times. */
  private static final List<Duration> LOOKS_AFTER_START =
      List.of(Duration.ofMillis(300), Duration.ofSeconds(3), Duration.ofSeconds(30));

  /** How long a program that was started may take to map a library of its system. */
  private static final long EXPECTED_NS = Duration.ofSeconds(31).toNanos();

  private static final long STANDARD_KEPT_NS = Duration.ofSeconds(5).toNanos();
  private static final int MAX_STANDARD = 256;
  private static final long LEAVING_NS = Duration.ofSeconds(1).toNanos();
  private static final long SEARCH_FOR_GONE_NS = Duration.ofSeconds(60).toNanos();

  /** A process that goes on speaking TLS that cannot be read is looked at anew so often. */
  private static final long SEEN_AGAIN_NS = Duration.ofSeconds(10).toNanos();

  /** TLS_OFF of tls_functions.bpf.h. */
  private static final long OFF = 4;

  /** A user of files that stands for those to come; no process has this number. */
  private static final int PROGRAMS_TO_COME = 0;

  private static final String JVM = "libjvm.so";

  private final HookedFiles files;
  private final BpfMap kernelProcesses;
  private final long lingeringNs;
  private final Map<Integer, Uses> processes = new LinkedHashMap<>();
  private final PriorityQueue<DueLook> due = new PriorityQueue<>();
  private final Map<String, Standard> standard = BoundedMap.byAge(MAX_STANDARD);

  private boolean expectsPrograms;
  private long unreadable;
  private long nextLeaving = System.nanoTime();
  private long nextSearchForGone = System.nanoTime() + SEARCH_FOR_GONE_NS;

  /**
   * What a process has of TLS.
   *
   * @param seen when it was last seen to speak TLS by nothing that is hooked; 0 never
   */
  private record Uses(Set<FileIdentity> files, List<TlsReport> unreadable, long seen) {
    static final Uses NOTHING = new Uses(Set.of(), List.of(), 0);
  }

  /**
   * What is in the standard folders of a container, or the host, as long as that is taken for true;
   * not longer than a file lingers that it names.
   */
  private record Standard(List<FileIdentity> files, long until) {}

  private record DueLook(long at, int pid) implements Comparable<DueLook> {
    @Override
    public int compareTo(DueLook other) {
      return Long.signum(at - other.at);
    }
  }

  /**
   * @param files to attach to; closed with this
   * @param kernelProcesses the map {@code tls_processes}
   * @param lingeringNs how long a file stays attached to without a user
   */
  TlsLibraries(HookedFiles files, BpfMap kernelProcesses, long lingeringNs) {
    this.files = files;
    this.kernelProcesses = kernelProcesses;
    this.lingeringNs = lingeringNs;
  }

  /** Attaches to what an observed process has mapped by now. */
  void look(int pid) {
    if (!processes.containsKey(pid) && processes.size() == MAX_PROCESSES) {
      LOG.warning(() -> "too many processes: TLS of pid " + pid + " is not looked at");
      return;
    }
    Uses before = processes.getOrDefault(pid, Uses.NOTHING);
    try {
      Uses now = usesOf(pid, before.seen);
      processes.put(pid, now);
      now.files.forEach(file -> files.of(file).forEach(hook -> hook.use(pid)));
      before.files.stream()
          .filter(file -> !now.files.contains(file))
          .forEach(file -> files.of(file).forEach(hook -> hook.leave(pid)));
      tellKernel(pid, now);
    } catch (IOException e) {
      LOG.log(Level.FINE, e, () -> "pid " + pid + " has ended");
      left(pid);
    }
  }

  /**
   * An observed process has executed a program, which has mapped next to nothing yet: what it may
   * map of its system's is attached to beforehand, so that nothing of a short life is missed.
   */
  void executed(int pid) {
    forget(pid);
    look(pid);
    long now = System.nanoTime();
    LOOKS_AFTER_START.forEach(delay -> due.add(new DueLook(now + delay.toNanos(), pid)));
    try {
      if (isDynamic(pid)) {
        expectStandardLibraries(pid, now + EXPECTED_NS);
      }
    } catch (IOException e) {
      LOG.log(Level.FINE, e, () -> "pid " + pid + " has ended");
    }
  }

  private boolean isDynamic(int pid) throws IOException {
    Candidate executable = Candidate.executable(pid);
    try (PinnedFile file = executable.opening().open()) {
      return files.hook(file, executable.path()).analysis().dynamic();
    }
  }

  private void expectStandardLibraries(int pid, long until) throws IOException {
    String where = Candidate.whereStandardLibrariesAre(pid);
    Standard known = standard.get(where);
    if (known == null || known.until - System.nanoTime() < 0) {
      known = new Standard(findStandardLibraries(pid), System.nanoTime() + STANDARD_KEPT_NS);
      standard.put(where, known);
    }
    known.files.forEach(file -> files.of(file).forEach(hook -> hook.expect(pid, until)));
  }

  private List<FileIdentity> findStandardLibraries(int pid) {
    List<FileIdentity> found = new ArrayList<>();
    for (Candidate candidate : Candidate.standardLibraries(pid)) {
      try (PinnedFile file = candidate.opening().open()) {
        found.add(files.hook(file, candidate.path()).file());
      } catch (NoSuchFileException e) {
        // most are not there
      } catch (IOException e) {
        LOG.log(Level.FINE, candidate.path(), e);
      }
    }
    return found;
  }

  /** An observed process speaks TLS, by nothing that is hooked. */
  void seen(int pid) {
    long now = System.nanoTime();
    Uses before = processes.getOrDefault(pid, Uses.NOTHING);
    if (before.seen != 0 && now - before.seen < SEEN_AGAIN_NS) {
      return;
    }
    look(pid);
    Uses uses = processes.get(pid);
    if (uses == null || !uses.files.isEmpty()) {
      return;
    }
    List<TlsReport> why = uses.unreadable;
    if (why.isEmpty()) {
      why =
          List.of(
              new TlsReport(
                  "/proc/" + pid + "/exe",
                  false,
                  "it speaks TLS by no library that is known, and has no symbols of one within (as"
                      + " rustls, or a library that was linked statically and stripped)"));
    }
    if (before.seen == 0) {
      unreadable++;
      String told = why.get(0).file() + ": " + why.get(0).detail();
      LOG.info(() -> "pid " + pid + " speaks TLS that is not read: " + told);
    }
    processes.put(pid, new Uses(Set.of(), why, now));
  }

  /** How many processes have spoken TLS that cannot be read. */
  long unreadable() {
    return unreadable;
  }

  /** See {@link TlsTracking#expectPrograms}. */
  void expectPrograms(boolean expected) {
    expectsPrograms = expected;
    files.leave(PROGRAMS_TO_COME);
    if (expected) {
      for (Candidate candidate : Candidate.hostLibraries()) {
        try (PinnedFile file = candidate.opening().open()) {
          if (files.analyse(file).plans().stream().allMatch(AttachPlan::isCheap)) {
            files.hook(file, candidate.path()).hooks().forEach(hook -> hook.use(PROGRAMS_TO_COME));
          }
        } catch (NoSuchFileException e) {
          // most are not there
        } catch (IOException e) {
          LOG.log(Level.FINE, candidate.path(), e);
        }
      }
    }
  }

  /** A child has what its parent has. */
  void forked(int child, int parent) {
    Uses uses = processes.get(parent);
    if (uses != null && processes.size() < MAX_PROCESSES) {
      processes.put(child, uses);
      uses.files.forEach(file -> files.of(file).forEach(hook -> hook.use(child)));
      tellKernel(child, uses);
    }
  }

  /** It has ended, or is not observed any more. */
  void left(int pid) {
    forget(pid);
    kernelProcesses.remove(pid);
  }

  /** Whatever it shares a library with, it is left alone. */
  void unwanted(int pid) {
    forget(pid);
    kernelProcesses.putLong(pid, OFF, BpfMap.Update.ANY);
  }

  private void forget(int pid) {
    processes.remove(pid);
    files.leave(pid);
  }

  /** What is due by now: later looks, and leaving what nobody uses. */
  void tick(long now) {
    while (!due.isEmpty() && due.peek().at - now <= 0) {
      int pid = due.poll().pid;
      if (processes.containsKey(pid)) {
        look(pid);
      }
    }
    if (now - nextSearchForGone >= 0) {
      nextSearchForGone = now + SEARCH_FOR_GONE_NS;
      // the record of an exit may have been lost
      List.copyOf(processes.keySet()).stream()
          .filter(pid -> !Files.exists(Path.of("/proc", Integer.toString(pid))))
          .forEach(this::left);
      expectPrograms(expectsPrograms); // after an upgrade they are others
    }
    if (now - nextLeaving >= 0) {
      nextLeaving = now + LEAVING_NS;
      files.leaveUnused(now, lingeringNs);
    }
  }

  /** What there is to say of a process's TLS; of one that is not observed, what it has. */
  List<TlsReport> explain(int pid) {
    Uses uses = processes.get(pid);
    List<TlsReport> reports = new ArrayList<>();
    try {
      if (uses == null) {
        return notObserved(pid);
      }
      for (FileIdentity file : uses.files) {
        for (HookedFile hook : files.of(file)) {
          reports.add(new TlsReport(hook.path(), true, files.describe(hook)));
        }
      }
      reports.addAll(uses.unreadable);
    } catch (IOException e) {
      LOG.log(Level.FINE, e, () -> "pid " + pid + " has ended");
    }
    return reports;
  }

  private List<TlsReport> notObserved(int pid) throws IOException {
    List<MappedFile> mapped = MappedFiles.of(pid);
    List<TlsReport> reports = new ArrayList<>();
    for (Candidate candidate : candidates(pid, mapped)) {
      try (PinnedFile file = candidate.opening().open()) {
        Analysis analysis = files.analyse(file);
        analysis.plans().stream()
            .map(plan -> plan.library() + ", not read of this process, which is not observed")
            .map(detail -> new TlsReport(candidate.path(), false, detail))
            .forEach(reports::add);
        if (!analysis.unreadable().isEmpty()) {
          reports.add(new TlsReport(candidate.path(), false, analysis.unreadable()));
        }
      } catch (IOException e) {
        reports.add(new TlsReport(candidate.path(), false, e.getMessage()));
      }
    }
    java(mapped).ifPresent(reports::add);
    return reports;
  }

  private static List<Candidate> candidates(int pid, List<MappedFile> mapped) throws IOException {
    List<Candidate> candidates = new ArrayList<>(Candidate.libraries(pid, mapped));
    candidates.add(Candidate.executable(pid));
    return candidates;
  }

  private static Optional<TlsReport> java(List<MappedFile> mapped) {
    return mapped.stream()
        .filter(file -> file.name().equals(JVM))
        .findFirst()
        .map(
            file ->
                new TlsReport(
                    file.path(), false, "Java's own TLS cannot be read without entering the JVM"));
  }

  private Uses usesOf(int pid, long seen) throws IOException {
    List<MappedFile> mapped = MappedFiles.of(pid);
    Set<FileIdentity> used = new HashSet<>();
    List<TlsReport> unreadable = new ArrayList<>();
    for (Candidate candidate : candidates(pid, mapped)) {
      try (PinnedFile file = candidate.opening().open()) {
        Found found = files.hook(file, candidate.path());
        if (!found.hooks().isEmpty()) {
          used.add(found.file());
        }
        if (!found.why().isEmpty()) {
          unreadable.add(new TlsReport(candidate.path(), false, found.why()));
        }
      } catch (IOException e) {
        unreadable.add(new TlsReport(candidate.path(), false, e.getMessage()));
      }
    }
    java(mapped).ifPresent(unreadable::add);
    return new Uses(Set.copyOf(used), List.copyOf(unreadable), seen);
  }

  /** So that the socket probe looks at calls in the process from now on. */
  private void tellKernel(int pid, Uses uses) {
    long kinds = 0;
    for (FileIdentity file : uses.files) {
      for (HookedFile hook : files.of(file)) {
        kinds |= hook.kind().bit();
      }
    }
    // what was learnt meanwhile in the kernel stays, in the upper half
    long known = kernelProcesses.getLong(pid, 0);
    long now = known & ~OFF | kinds;
    if (now != known) {
      kernelProcesses.putLong(pid, now, BpfMap.Update.ANY);
    }
  }

  @Override
  public void close() {
    files.close();
  }
}
