package io.sonde.pipeline.export.print;

import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.linking.Trace;
import io.sonde.pipeline.linking.TraceSink;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Prints traces. The pipeline's thread only formats; another one writes, at the latest {@value
 * #FLUSH_MS} ms later, so that a terminal that does not keep up never holds the pipeline: what
 * exceeds a bounded buffer is counted instead.
 */
public final class TracePrinter implements TraceSink, AutoCloseable {
  private static final int FLUSH_MS = 50;
  private static final int MAX_PENDING_CHARS = 4 * 1024 * 1024;
  private static final int CLOSE_SECONDS = 2;

  private final PrintStream out;
  private final TraceFormat format;
  private final Account account;
  private final ScheduledExecutorService writer;
  private StringBuilder pending = new StringBuilder();
  private long pendingTraces;
  private long accepted;
  private volatile long done;

  /**
   * @param mode anything but DISABLED
   * @param account of the stage {@code print}
   */
  public TracePrinter(PipelineConfig.TracePrinter mode, PrintStream out, Account account) {
    this.out = out;
    this.format =
        switch (mode) {
          case TEXT -> new TextFormat();
          case JSON -> new JsonFormat(false);
          case JSON_INDENT -> new JsonFormat(true);
          case COUNTER -> new CounterFormat();
          case DISABLED -> throw new IllegalArgumentException("a disabled printer prints nothing");
        };
    this.account = account;
    this.writer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "trace-printer");
              thread.setDaemon(true);
              return thread;
            });
    writer.scheduleWithFixedDelay(this::write, FLUSH_MS, FLUSH_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized boolean accept(Trace trace) {
    account.in(1);
    if (pending.length() > MAX_PENDING_CHARS) {
      account.lost(LossCause.EXPORT_QUEUE_FULL, 1);
      return false;
    }
    format.write(trace, pending);
    pendingTraces++;
    accepted++;
    return true;
  }

  /** As Beyla's printer: the sampler decides on what is exported. */
  @Override
  public boolean takesUnsampled() {
    return true;
  }

  /** Turns true once what was accepted until now has been written, or could not be. */
  public synchronized BooleanSupplier written() {
    long upTo = accepted;
    return () -> done >= upTo;
  }

  @Override
  public synchronized boolean hasRoom() {
    return pending.length() <= MAX_PENDING_CHARS / 2;
  }

  private void write() {
    StringBuilder text;
    long traces;
    synchronized (this) {
      if (pendingTraces == 0) {
        return;
      }
      text = pending;
      traces = pendingTraces;
      pending = new StringBuilder();
      pendingTraces = 0;
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    out.flush();
    if (out.checkError()) { // e.g. the pipe's reader is gone
      account.lost(LossCause.EXPORT_FAILED, traces);
    } else {
      account.out(traces);
    }
    done += traces;
  }

  /** Writes what is left. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    write();
  }
}
