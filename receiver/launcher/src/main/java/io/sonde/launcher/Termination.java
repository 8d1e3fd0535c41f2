package io.sonde.launcher;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets SIGTERM and SIGINT end the program as if its main thread had ended by itself: with
 * everything flushed and its own exit code, where the JVM would report 143.
 */
final class Termination {
  private static final int FLUSH_SECONDS = 20;
  private static final int NOT_FLUSHED = 1;

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile int exitCode = NOT_FLUSHED;

  Termination() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::onShutdown, "termination"));
  }

  /** Blocks until the program is asked to end. */
  void await() throws InterruptedException {
    requested.await();
  }

  /** As if a signal had asked for it. */
  void request() {
    requested.countDown();
  }

  boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Ends the program; all that had to be done is done. */
  void finish(int code) {
    exitCode = code;
    finished.countDown();
    System.exit(code);
  }

  private void onShutdown() {
    requested.countDown();
    try {
      finished.await(FLUSH_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.out.flush();
    Runtime.getRuntime().halt(exitCode);
  }
}
