package io.sonde.probes.probe.files;

import io.sonde.probes.bpf.BpfMap;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.ProbeContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A thread for {@link UsedFiles}, and the queue of what it is told. */
public final class FileThread implements FileTracking {
  private static final Logger LOG = Logger.getLogger(FileThread.class.getName());
  private static final int QUEUE = 65_536;
  private static final long TICK_MS = 100;

  /**
   * Programs that run again and again, each a moment, do not have it attached to each time: while
   * that goes on, no process of the system can fork.
   */
  private static final Duration LINGERING = Duration.ofSeconds(30);

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** What comes after it is done by others. */
  private static final Consumer<UsedFiles> STOP = files -> {};

  private final BlockingQueue<Consumer<UsedFiles>> queue = new ArrayBlockingQueue<>(QUEUE);
  private final UsedFiles files;
  private final Thread thread = new Thread(this::run, "files");
  private volatile long unreadable;
  private boolean complained;

  /**
   * @param files of this thread from now on; closed with it
   */
  FileThread(UsedFiles files) {
    this.files = files;
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Starts it with what is loaded.
   *
   * @return {@link FileTracking#OFF} when nothing is
   */
  public static FileTracking start(List<FilePrograms> probes, ProbeContext context) {
    Map<String, BpfObject> programs = new HashMap<>();
    probes.forEach(probe -> programs.putAll(probe.programs()));
    if (programs.isEmpty()) {
      return OFF;
    }
    List<HookFinder> finders = new ArrayList<>();
    Map<Subject, BpfMap> hits = new EnumMap<>(Subject.class);
    for (FilePrograms probe : probes) {
      if (!probe.programs().isEmpty()) {
        finders.addAll(probe.finders());
        probe
            .finders()
            .forEach(
                finder ->
                    hits.computeIfAbsent(finder.subject(), subject -> context.map(subject.hits())));
      }
    }
    HookedFiles files = new HookedFiles(programs, hits, finders);
    KernelProcesses kernel =
        new KernelProcesses(context.map("tls_processes"), context.map("go_processes"));
    return new FileThread(new UsedFiles(files, kernel, LINGERING.toNanos()));
  }

  private void run() {
    boolean stopped = false;
    while (!stopped) {
      try {
        Consumer<UsedFiles> task = queue.poll(TICK_MS, TimeUnit.MILLISECONDS);
        if (task != null) {
          task.accept(files);
        }
        stopped = task == STOP;
        files.tick(System.nanoTime());
        unreadable = files.unreadable();
      } catch (InterruptedException e) {
        stopped = true;
      } catch (RuntimeException e) {
        LOG.log(
            Level.SEVERE, "a defect in Sonde, please report it; files are looked at further", e);
      }
    }
    files.close();
  }

  @Override
  public void selected(int pid, boolean tls) {
    tell(files -> files.look(pid, tls));
  }

  @Override
  public void executed(int pid, boolean tls) {
    tell(files -> files.executed(pid, tls));
  }

  @Override
  public void forked(int child, int parent) {
    tell(files -> files.forked(child, parent));
  }

  @Override
  public void expectPrograms(boolean expected) {
    tell(files -> files.expectPrograms(expected));
  }

  @Override
  public void left(int pid) {
    tell(files -> files.left(pid));
  }

  @Override
  public void seen(int pid) {
    tell(files -> files.seen(pid));
  }

  private void tell(Consumer<UsedFiles> task) {
    if (!queue.offer(task) && !complained) {
      complained = true;
      LOG.warning(
          "processes come and go faster than their files can be looked at: some of their"
              + " requests over TLS are not seen");
    }
  }

  @Override
  public CompletableFuture<Void> lookedAt() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    tell(files -> done.complete(null));
    return done;
  }

  @Override
  public List<FileReport> explain(int pid) {
    CompletableFuture<List<FileReport>> answer = new CompletableFuture<>();
    tell(files -> answer.complete(files.explain(pid)));
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return List.of(new FileReport(Subject.TLS, "", false, "busy with other files: ask again"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  @Override
  public long unreadable() {
    return unreadable;
  }

  @Override
  public void close() {
    if (!queue.offer(STOP)) {
      thread.interrupt();
    }
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
