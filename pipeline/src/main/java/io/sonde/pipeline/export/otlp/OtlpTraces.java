package io.sonde.pipeline.export.otlp;

import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.ExporterStatus;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.export.otlp.request.Signal;
import io.sonde.pipeline.linking.Spans;
import io.sonde.pipeline.linking.Trace;
import io.sonde.pipeline.linking.TraceSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Collects spans into requests, encodes them and hands them to be sent. The account counts spans:
 * those that find no room before they are encoded are lost and counted.
 */
public final class OtlpTraces implements TraceSink, AutoCloseable {
  private static final int MAX_BATCH = 2048;
  private static final long MAX_DELAY_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_MS = 50;
  private static final Duration CLOSE = Duration.ofSeconds(4);

  private final EncodedMessage encoded = new EncodedMessage();
  private final SpanExporter encoder =
      OtlpGrpcSpanExporter.builder().setComponentLoader(encoded).build();
  private final Account account;
  private final ArrayBlockingQueue<SpanData> waiting;
  private final RequestExport export;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);

  /**
   * @param waitingSpans to be encoded, at most
   * @param account of the stage {@code export_traces}
   * @throws OtlpStartException when the endpoint cannot be spoken to as configured
   */
  public OtlpTraces(OtlpConfig config, int waitingSpans, Account account)
      throws OtlpStartException {
    this.account = account;
    this.waiting = new ArrayBlockingQueue<>(waitingSpans);
    this.export = RequestExport.start(config, Signal.TRACES, account);
    this.thread = new Thread(this::run, "otlp-traces");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public boolean accept(Trace trace) {
    // Whole traces only; what has room now has it still below, since nobody else adds.
    if (waiting.remainingCapacity() < trace.spans()) {
      account.in(trace.spans());
      account.lost(LossCause.EXPORT_QUEUE_FULL, trace.spans());
      return false;
    }
    Spans.of(trace, this::add);
    return true;
  }

  @Override
  public boolean hasRoom() {
    return 2 * waiting.size() <= waiting.size() + waiting.remainingCapacity() && export.hasRoom();
  }

  private void add(SpanData span) {
    account.in(1);
    waiting.add(span);
  }

  private void run() {
    List<SpanData> batch = new ArrayList<>(MAX_BATCH);
    while (!isClosing() || !waiting.isEmpty()) {
      try {
        fill(batch);
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts this thread", e);
      }
      if (!batch.isEmpty()) {
        export(batch);
        batch.clear();
      }
    }
  }

  /**
   * Up to a second's worth of spans. Looks at the queue now and then instead of waiting on it: a
   * thread that waits would be woken for each span, which is dear when they are many.
   */
  private void fill(List<SpanData> batch) throws InterruptedException {
    long deadline = System.nanoTime() + MAX_DELAY_NS;
    waiting.drainTo(batch, MAX_BATCH);
    while (batch.size() < MAX_BATCH && !isClosing() && System.nanoTime() - deadline < 0) {
      closing.await(LOOK_MS, TimeUnit.MILLISECONDS);
      waiting.drainTo(batch, MAX_BATCH - batch.size());
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void export(List<SpanData> batch) {
    try {
      export.offer(batch.size(), encoded.take(encoder.export(batch)));
    } catch (RuntimeException e) { // one batch that cannot be encoded must not end all export
      export.defect(batch.size(), e);
    }
  }

  /** How it stands; for any thread. */
  public ExporterStatus status() {
    return export.status();
  }

  /** Sends what it can, within a bounded time; see {@link RequestExport#close}. */
  @Override
  public void close() {
    long deadline = System.nanoTime() + CLOSE.toNanos();
    closing.countDown();
    try {
      thread.join(CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    export.close(Duration.ofNanos(deadline - System.nanoTime()));
    encoder.shutdown();
  }
}
