package io.sonde.server;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The one thread on which sessions live and the pipeline is called. A task that throws is a defect:
 * logged, and the next one runs. After the end tasks are dropped: what a capture sends then is not
 * acknowledged, so it knows.
 */
final class PipelineThread {
  private static final Logger LOG = Logger.getLogger(PipelineThread.class.getName());

  private final ScheduledThreadPoolExecutor executor;

  PipelineThread() {
    executor =
        new ScheduledThreadPoolExecutor(1, DaemonThreads.named("pipeline"), new DiscardPolicy());
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  void execute(Runnable task) {
    executor.execute(guarded(task));
  }

  Future<?> schedule(Runnable task, Duration delay) {
    return executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Runs what is queued, not what is delayed, and ends. */
  void end(Duration patience) throws InterruptedException {
    executor.shutdown();
    if (!executor.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.log(Level.WARNING, "the pipeline has not taken all that was received in {0}", patience);
    }
  }

  /** The executor would keep the exception to itself. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.log(Level.SEVERE, "a defect in Sonde, please report it", e);
      }
    };
  }
}
