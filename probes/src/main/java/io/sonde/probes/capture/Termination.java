package io.sonde.probes.capture;

import java.util.concurrent.CountDownLatch;

/**
 * SIGTERM and SIGINT: the agent stops, flushes and detaches on its own thread, then the process
 * ends with that thread's exit code instead of the JVM's 143.
 */
final class Termination {
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean signalled;
  private volatile CaptureAgent agent;
  private volatile int code;

  Termination() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::onShutdown, "stop"));
  }

  /**
   * From here on a signal lets the agent end in order; before, there is nothing to put in order.
   */
  void watch(CaptureAgent watched) {
    agent = watched;
    if (signalled) {
      watched.stop();
    }
  }

  /** Called last by the main thread. */
  void finish(int exitCode) {
    code = exitCode;
    finished.countDown();
    if (!signalled) {
      System.exit(exitCode);
    }
  }

  private void onShutdown() {
    if (finished.getCount() == 0) {
      return; // finish() called exit
    }
    signalled = true;
    CaptureAgent current = agent;
    if (current == null) {
      Runtime.getRuntime().halt(0);
    }
    current.stop();
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(code);
  }
}
