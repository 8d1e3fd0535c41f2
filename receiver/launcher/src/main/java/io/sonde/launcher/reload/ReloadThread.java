package io.sonde.launcher.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Reloads on a thread of its own, at a SIGHUP and, where that is asked for, when the file has
 * changed. It looks at what is in the file: a Kubernetes ConfigMap changes by a symbolic link above
 * it, and an editor by a file in its place.
 */
public final class ReloadThread implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ReloadThread.class.getName());

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "reload");
            thread.setDaemon(true);
            return thread;
          });
  private final Reloader reloader;
  private final Optional<Path> file;
  private final Duration interval;
  private byte[] seen;

  /**
   * @param file of the configuration; empty: there is none to look at
   * @param interval of looking; zero: never
   */
  public ReloadThread(Reloader reloader, Optional<Path> file, Duration interval) {
    this.reloader = reloader;
    this.file = file;
    this.interval = interval;
  }

  /** Reloads from now on. */
  public void start() {
    if (file.isPresent() && !interval.isZero()) {
      seen = content();
      executor.scheduleWithFixedDelay(
          this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }
    HangUp.handle(() -> executor.execute(this::reload));
  }

  private void look() {
    byte[] now = content();
    if (now != null && !Arrays.equals(now, seen)) {
      seen = now;
      reload();
    }
  }

  /** Null while it cannot be read: it may be in the middle of being replaced. */
  private byte[] content() {
    try {
      return Files.readAllBytes(file.orElseThrow());
    } catch (IOException e) {
      LOG.log(Level.FINE, "the configuration cannot be looked at", e);
      return null;
    }
  }

  private void reload() {
    try {
      reloader.reload();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A reload that is under way goes on; no other begins. */
  @Override
  public void close() {
    executor.shutdown();
  }
}
