package io.sonde.probes.probe.tls;

import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.ProbeContext;
import java.time.Duration;
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

/** A thread for {@link TlsLibraries}, and the queue of what it is told. */
public final class TlsThread implements TlsTracking {
  private static final Logger LOG = Logger.getLogger(TlsThread.class.getName());
  private static final int QUEUE = 65_536;
  private static final long TICK_MS = 100;

  /**
   * Programs that run again and again, each a moment, do not have it attached to each time: while
   * that goes on, no process of the system can fork.
   */
  private static final Duration LINGERING = Duration.ofSeconds(30);

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** What comes after it is done by others. */
  private static final Consumer<TlsLibraries> STOP = libraries -> {};

  private final BlockingQueue<Consumer<TlsLibraries>> queue = new ArrayBlockingQueue<>(QUEUE);
  private final TlsLibraries libraries;
  private final Thread thread = new Thread(this::run, "tls");
  private volatile long unreadable;
  private boolean complained;

  /**
   * @param libraries of this thread from now on; closed with it
   */
  TlsThread(TlsLibraries libraries) {
    this.libraries = libraries;
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Starts it with what is loaded.
   *
   * @return {@link TlsTracking#OFF} when nothing is
   */
  public static TlsTracking start(List<TlsPrograms> probes, ProbeContext context) {
    Map<String, BpfObject> programs = new HashMap<>();
    probes.forEach(probe -> programs.putAll(probe.programs()));
    if (programs.isEmpty()) {
      return OFF;
    }
    List<TlsFunctions> kinds =
        probes.stream()
            .filter(probe -> !probe.programs().isEmpty())
            .flatMap(probe -> probe.libraries().stream())
            .toList();
    HookedFiles files = new HookedFiles(programs, context.map("tls_libraries"), kinds);
    return new TlsThread(
        new TlsLibraries(files, context.map("tls_processes"), LINGERING.toNanos()));
  }

  private void run() {
    boolean stopped = false;
    while (!stopped) {
      try {
        Consumer<TlsLibraries> task = queue.poll(TICK_MS, TimeUnit.MILLISECONDS);
        if (task != null) {
          task.accept(libraries);
        }
        stopped = task == STOP;
        libraries.tick(System.nanoTime());
        unreadable = libraries.unreadable();
      } catch (InterruptedException e) {
        stopped = true;
      } catch (RuntimeException e) {
        LOG.log(Level.SEVERE, "a defect in Sonde, please report it; TLS is read on", e);
      }
    }
    libraries.close();
  }

  @Override
  public void selected(int pid) {
    tell(libraries -> libraries.look(pid));
  }

  @Override
  public void executed(int pid) {
    tell(libraries -> libraries.executed(pid));
  }

  @Override
  public void forked(int child, int parent) {
    tell(libraries -> libraries.forked(child, parent));
  }

  @Override
  public void expectPrograms(boolean expected) {
    tell(libraries -> libraries.expectPrograms(expected));
  }

  @Override
  public void left(int pid) {
    tell(libraries -> libraries.left(pid));
  }

  @Override
  public void unwanted(int pid) {
    tell(libraries -> libraries.unwanted(pid));
  }

  @Override
  public void seen(int pid) {
    tell(libraries -> libraries.seen(pid));
  }

  private void tell(Consumer<TlsLibraries> task) {
    if (!queue.offer(task) && !complained) {
      complained = true;
      LOG.warning(
          "processes come and go faster than their TLS libraries can be looked at: some of their"
              + " requests over TLS are not seen");
    }
  }

  @Override
  public List<TlsReport> explain(int pid) {
    CompletableFuture<List<TlsReport>> answer = new CompletableFuture<>();
    tell(libraries -> answer.complete(libraries.explain(pid)));
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return List.of(new TlsReport("", false, "busy with other files: ask again"));
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
