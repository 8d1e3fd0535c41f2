package io.sonde.probes.probe.files;

import io.sonde.probes.bpf.PinnedFile;
import io.sonde.probes.probe.files.HookedFiles.Found;
import java.io.IOException;
import java.nio.file.Files;
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
 * Which observed processes use which files that can be attached to. A file is attached to when its
 * first user appears, and left a while after the last one is gone. For one thread, not the agent's:
 * files may be large, and attaching and detaching wait for the whole system.
 */
final class UsedFiles implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(UsedFiles.class.getName());

  /** As many as the kernel's table has room for. */
  private static final int MAX_PROCESSES = 16384;

  /** A program that has just been started has mapped nothing yet; it has after these times. */
  private static final List<Duration> LOOKS_AFTER_START =
      List.of(Duration.ofMillis(300), Duration.ofSeconds(3), Duration.ofSeconds(30));

  private static final long LEAVING_NS = Duration.ofSeconds(1).toNanos();
  private static final long SEARCH_FOR_GONE_NS = Duration.ofSeconds(60).toNanos();

  /** A process that goes on speaking TLS that cannot be read is looked at anew so often. */
  private static final long SEEN_AGAIN_NS = Duration.ofSeconds(10).toNanos();

  private static final Set<Subject> ALL = Set.of(Subject.values());
  private static final Set<Subject> WITHOUT_TLS = Set.of(Subject.GOROUTINES);
  private static final String JVM = "libjvm.so";

  private final HookedFiles files;
  private final StandardLibraries standard;
  private final KernelProcesses kernel;
  private final long lingeringNs;
  private final Map<Integer, Uses> processes = new LinkedHashMap<>();
  private final PriorityQueue<DueLook> due = new PriorityQueue<>();

  private long unreadable;
  private long nextLeaving = System.nanoTime();
  private long nextSearchForGone = System.nanoTime() + SEARCH_FOR_GONE_NS;

  /**
   * What a process has.
   *
   * @param tls whether its TLS is to be read
   * @param refused what is not attached to, and why
   * @param seen when it was last seen to speak TLS by nothing that is hooked; 0 never
   */
  private record Uses(
      boolean tls,
      Set<FileIdentity> files,
      Optional<GoroutineOffsets> goroutines,
      List<FileReport> refused,
      long seen) {
    static final Uses NOTHING = new Uses(true, Set.of(), Optional.empty(), List.of(), 0);

    Set<Subject> wanted() {
      return tls ? ALL : WITHOUT_TLS;
    }

    List<FileReport> unreadable() {
      return refused.stream().filter(report -> report.subject() == Subject.TLS).toList();
    }
  }

  private record DueLook(long at, int pid) implements Comparable<DueLook> {
    @Override
    public int compareTo(DueLook other) {
      return Long.signum(at - other.at);
    }
  }

  /**
   * @param files to attach to; closed with this
   * @param lingeringNs how long a file stays attached to without a user
   */
  UsedFiles(HookedFiles files, KernelProcesses kernel, long lingeringNs) {
    this.files = files;
    this.standard = new StandardLibraries(files);
    this.kernel = kernel;
    this.lingeringNs = lingeringNs;
  }

  /**
   * Attaches to what an observed process has mapped by now.
   *
   * @param tls whether its TLS is to be read; whatever it shares a library with, it is left alone
   *     otherwise
   */
  void look(int pid, boolean tls) {
    if (!processes.containsKey(pid) && processes.size() == MAX_PROCESSES) {
      LOG.warning(() -> "too many processes: the files of pid " + pid + " are not looked at");
      return;
    }
    Uses before = processes.getOrDefault(pid, Uses.NOTHING);
    try {
      Uses now = usesOf(pid, tls, before.seen);
      processes.put(pid, now);
      List<HookedFile> hooks = hooks(now);
      hooks.forEach(hook -> hook.use(pid));
      hooks(before).stream().filter(hook -> !hooks.contains(hook)).forEach(hook -> hook.leave(pid));
      kernel.tell(pid, hooks, tls, now.goroutines);
    } catch (IOException e) {
      LOG.log(Level.FINE, e, () -> "pid " + pid + " has ended");
      left(pid);
    }
  }

  private List<HookedFile> hooks(Uses uses) {
    return uses.files.stream()
        .flatMap(file -> files.of(file).stream())
        .filter(hook -> uses.wanted().contains(hook.subject()))
        .toList();
  }

  /**
   * An observed process has executed a program, which has mapped next to nothing yet: what it may
   * map of its system's is attached to beforehand, so that nothing of a short life is missed.
   */
  void executed(int pid, boolean tls) {
    left(pid); // what was told of it as its parent's child may have come after its exec
    look(pid, tls);
    long now = System.nanoTime();
    LOOKS_AFTER_START.forEach(delay -> due.add(new DueLook(now + delay.toNanos(), pid)));
    try {
      if (tls && isDynamic(pid)) {
        standard.expect(pid);
      }
    } catch (IOException e) {
      LOG.log(Level.FINE, e, () -> "pid " + pid + " has ended");
    }
  }

  private boolean isDynamic(int pid) throws IOException {
    try (PinnedFile file = Candidate.executable(pid).opening().open()) {
      return files.analyse(file).dynamic();
    }
  }

  /** An observed process speaks TLS, by nothing that is hooked. */
  void seen(int pid) {
    long now = System.nanoTime();
    Uses before = processes.getOrDefault(pid, Uses.NOTHING);
    if (!before.tls || before.seen != 0 && now - before.seen < SEEN_AGAIN_NS) {
      return;
    }
    look(pid, true);
    Uses uses = processes.get(pid);
    if (uses == null || hooks(uses).stream().anyMatch(hook -> hook.subject() == Subject.TLS)) {
      return;
    }
    List<FileReport> refused = new ArrayList<>(uses.refused);
    if (uses.unreadable().isEmpty()) {
      refused.add(
          new FileReport(
              Subject.TLS,
              "/proc/" + pid + "/exe",
              false,
              "it speaks TLS by no library that is known, and has no symbols of one within (as"
                  + " rustls, or a library that was linked statically and stripped)"));
    }
    Uses told = new Uses(true, uses.files, uses.goroutines, List.copyOf(refused), now);
    if (before.seen == 0) {
      unreadable++;
      FileReport why = told.unreadable().get(0);
      LOG.info(
          () ->
              "pid %d speaks TLS that is not read: %s: %s"
                  .formatted(pid, why.file(), why.detail()));
    }
    processes.put(pid, told);
  }

  /** How many processes have spoken TLS that cannot be read. */
  long unreadable() {
    return unreadable;
  }

  /** See {@link FileTracking#expectPrograms}. */
  void expectPrograms(boolean expected) {
    standard.expectPrograms(expected);
  }

  /** A child has what its parent has. */
  void forked(int child, int parent) {
    Uses uses = processes.get(parent);
    if (uses != null && processes.size() < MAX_PROCESSES) {
      processes.put(child, uses);
      List<HookedFile> hooks = hooks(uses);
      hooks.forEach(hook -> hook.use(child));
      kernel.tell(child, hooks, uses.tls, uses.goroutines);
    }
  }

  /** It has ended, or is not observed any more. */
  void left(int pid) {
    forget(pid);
    kernel.left(pid);
  }

  private void forget(int pid) {
    processes.remove(pid);
    files.leave(pid);
  }

  /** What is due by now: later looks, and leaving what nobody uses. */
  void tick(long now) {
    while (!due.isEmpty() && due.peek().at - now <= 0) {
      int pid = due.poll().pid;
      Uses uses = processes.get(pid);
      if (uses != null) {
        look(pid, uses.tls);
      }
    }
    if (now - nextSearchForGone >= 0) {
      nextSearchForGone = now + SEARCH_FOR_GONE_NS;
      // the record of an exit may have been lost
      List.copyOf(processes.keySet()).stream()
          .filter(pid -> !Files.exists(Path.of("/proc", Integer.toString(pid))))
          .forEach(this::left);
      standard.lookAgain();
    }
    if (now - nextLeaving >= 0) {
      nextLeaving = now + LEAVING_NS;
      files.leaveUnused(now, lingeringNs);
    }
  }

  /** What there is to say of a process's files; of one that is not observed, what it has. */
  List<FileReport> explain(int pid) {
    Uses uses = processes.get(pid);
    List<FileReport> reports = new ArrayList<>();
    try {
      if (uses == null) {
        return notObserved(pid);
      }
      for (HookedFile hook : hooks(uses)) {
        reports.add(new FileReport(hook.subject(), hook.path(), true, files.describe(hook)));
        hook.missing()
            .forEach(why -> reports.add(new FileReport(hook.subject(), hook.path(), false, why)));
      }
      reports.addAll(uses.refused);
    } catch (IOException e) {
      LOG.log(Level.FINE, e, () -> "pid " + pid + " has ended");
    }
    return reports;
  }

  private List<FileReport> notObserved(int pid) throws IOException {
    List<MappedFile> mapped = MappedFiles.of(pid);
    List<FileReport> reports = new ArrayList<>();
    for (Candidate candidate : candidates(pid, mapped)) {
      try (PinnedFile file = candidate.opening().open()) {
        Analysis analysis = files.analyse(file);
        for (AttachPlan plan : analysis.plans()) {
          String detail = plan.library() + ", not read of this process, which is not observed";
          reports.add(new FileReport(plan.subject(), candidate.path(), false, detail));
        }
        analysis
            .refusals()
            .forEach(refusal -> reports.add(FileReport.refusal(candidate.path(), refusal)));
      } catch (IOException e) {
        reports.add(new FileReport(Subject.TLS, candidate.path(), false, e.getMessage()));
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

  private static Optional<FileReport> java(List<MappedFile> mapped) {
    return mapped.stream()
        .filter(file -> file.name().equals(JVM))
        .findFirst()
        .map(
            file ->
                new FileReport(
                    Subject.TLS,
                    file.path(),
                    false,
                    "Java's own TLS cannot be read without entering the JVM"));
  }

  private Uses usesOf(int pid, boolean tls, long seen) throws IOException {
    List<MappedFile> mapped = MappedFiles.of(pid);
    Set<FileIdentity> used = new HashSet<>();
    Optional<GoroutineOffsets> goroutines = Optional.empty();
    List<FileReport> refused = new ArrayList<>();
    for (Candidate candidate : candidates(pid, mapped)) {
      try (PinnedFile file = candidate.opening().open()) {
        Found found = files.hook(file, candidate.path(), tls ? ALL : WITHOUT_TLS);
        if (!found.hooks().isEmpty()) {
          used.add(found.file());
        }
        for (AttachPlan plan : found.analysis().plans()) {
          // of the executable, which is the last one
          goroutines = plan.goroutines().isPresent() ? plan.goroutines() : goroutines;
        }
        found.refusals().forEach(why -> refused.add(FileReport.refusal(candidate.path(), why)));
      } catch (IOException e) {
        refused.add(new FileReport(Subject.TLS, candidate.path(), false, e.getMessage()));
      }
    }
    if (tls) {
      java(mapped).ifPresent(refused::add);
    }
    return new Uses(tls, Set.copyOf(used), goroutines, List.copyOf(refused), seen);
  }

  @Override
  public void close() {
    files.close();
  }
}
