package io.sonde.pipeline.export.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.sonde.pipeline.PipelineConfig.Otlp;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.linking.Spans;
import io.sonde.pipeline.linking.Trace;
import io.sonde.pipeline.linking.TraceSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Exports spans in batches, one batch at a time, from a bounded queue. The account counts spans:
 * what finds the queue full, and what the endpoint does not take, is lost and counted.
 */
public final class OtlpTraces implements TraceSink, AutoCloseable {
  private static final int MAX_BATCH = 512;
  private static final long MAX_DELAY_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_MS = 50;
  private static final long CLOSE_SECONDS = 4;

  private final SpanExporter exporter;
  private final long timeoutNs;
  private final Account account;
  private final ArrayBlockingQueue<SpanData> queue;
  private final ExportLog log;
  private final Thread thread;
  private volatile boolean closing;

  /**
   * @param queueSpans spans waiting at most
   * @param account of the stage {@code export_traces}
   */
  public OtlpTraces(Otlp config, int queueSpans, Account account) {
    this.exporter = OtlpExporters.spans(config);
    this.timeoutNs = config.timeout().toNanos() + TimeUnit.SECONDS.toNanos(1);
    this.account = account;
    this.queue = new ArrayBlockingQueue<>(queueSpans);
    this.log = new ExportLog("spans", config.endpoint());
    this.thread = new Thread(this::run, "otlp-traces");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public boolean accept(Trace trace) {
    // the only one that adds
    boolean room = queue.remainingCapacity() >= trace.spans();
    Spans.of(trace, this::offer);
    return room;
  }

  private void offer(SpanData span) {
    account.in(1);
    if (!queue.offer(span)) {
      account.lost(LossCause.EXPORT_QUEUE_FULL, 1);
    }
  }

  private void run() {
    List<SpanData> batch = new ArrayList<>(MAX_BATCH);
    while (!closing || !queue.isEmpty()) {
      try {
        fill(batch);
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts this thread", e);
      }
      if (!batch.isEmpty()) {
        export(batch);
        batch = new ArrayList<>(MAX_BATCH); // the exporter may still read the old one
      }
    }
  }

  /**
   * Up to a second's worth of spans; looks often whether it is to close, since an interrupt would
   * cut an export off.
   */
  private void fill(List<SpanData> batch) throws InterruptedException {
    long deadline = System.nanoTime() + MAX_DELAY_NS;
    queue.drainTo(batch, MAX_BATCH);
    while (batch.size() < MAX_BATCH && !closing && System.nanoTime() - deadline < 0) {
      SpanData next = queue.poll(LOOK_MS, TimeUnit.MILLISECONDS);
      if (next != null) {
        batch.add(next);
        queue.drainTo(batch, MAX_BATCH - batch.size());
      }
    }
  }

  private void export(List<SpanData> batch) {
    try {
      CompletableResultCode result = exporter.export(batch);
      result.join(timeoutNs, TimeUnit.NANOSECONDS);
      if (result.isSuccess()) {
        account.out(batch.size());
        log.succeeded();
      } else {
        account.lost(LossCause.EXPORT_FAILED, batch.size());
        log.failed(batch.size(), result.getFailureThrowable());
      }
    } catch (RuntimeException e) { // one batch that cannot be encoded must not end all export
      account.lost(LossCause.INTERNAL_ERROR, batch.size());
      log.defect(batch.size(), e);
    }
  }

  /**
   * Exports what is queued, within a bounded time; what is left then is counted as lost. A batch
   * that is under way at that moment is counted when its outcome is known.
   */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // taken out, so that a thread which is late does not count them a second time
    List<SpanData> left = new ArrayList<>();
    account.lost(LossCause.EXPORT_FAILED, queue.drainTo(left));
    exporter.shutdown();
  }
}
