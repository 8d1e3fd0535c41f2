package io.sonde.pipeline.export.otlp;

import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.sonde.pipeline.Instrumentation;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.PipelineConfig.SpanBatches;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.ExporterStatus;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.export.otlp.request.Signal;
import io.sonde.pipeline.linking.FormerNames;
import io.sonde.pipeline.linking.RpcNaming;
import io.sonde.pipeline.linking.Spans;
import io.sonde.pipeline.linking.Trace;
import io.sonde.pipeline.linking.TraceSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Collects spans into requests, encodes them and hands them to be sent. While the queue of encoded
 * requests is full, because the endpoint is away or slow, nothing is encoded: to encode is what
 * costs most, and it would only push out what was encoded before. The traces wait as they are
 * meanwhile, and over their bound the oldest are dropped. The account counts spans.
 */
public final class OtlpTraces implements TraceSink, AutoCloseable {
  private static final long LOOK_MS = 50;
  private static final Duration CLOSE = Duration.ofSeconds(4);

  private final EncodedMessage encoded = new EncodedMessage();
  private final SpanExporter encoder =
      OtlpGrpcSpanExporter.builder().setComponentLoader(encoded).build();
  private final SpanBatches batches;
  private final Account account;
  private final WaitingTraces waiting;
  private final RequestExport export;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);

  /**
   * @param waitingSpans to be encoded, at most
   * @param account of the stage {@code export_traces}
   * @throws OtlpStartException when the endpoint cannot be spoken to as configured
   */
  public OtlpTraces(OtlpConfig config, SpanBatches batches, int waitingSpans, Account account)
      throws OtlpStartException {
    this.batches = batches;
    this.account = account;
    this.waiting = new WaitingTraces(waitingSpans);
    this.export = RequestExport.start(config, Signal.TRACES, account);
    this.thread = new Thread(this::run, "otlp-traces");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public boolean accept(Trace trace) {
    account.in(trace.spans());
    if (!batches.instrumentations().contains(Instrumentation.of(trace.exchange()))) {
      account.lost(LossCause.NOT_TO_BE_EXPORTED, trace.spans());
      return true;
    }
    int dropped = waiting.add(trace);
    if (dropped > 0) {
      export.dropped(dropped);
    }
    return true;
  }

  @Override
  public boolean hasRoom() {
    return waiting.isHalfEmpty() && export.hasRoom();
  }

  private void run() {
    List<SpanData> batch = new ArrayList<>();
    while (!isClosing() || !waiting.isEmpty()) {
      try {
        awaitRoom();
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

  private void awaitRoom() throws InterruptedException {
    while (!export.takesMore() && !isClosing()) {
      closing.await(LOOK_MS, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Up to a request's worth of spans. Looks at the queue now and then instead of waiting on it: a
   * thread that waits would be woken for each span, which is dear when they are many.
   */
  private void fill(List<SpanData> batch) throws InterruptedException {
    long deadline = System.nanoTime() + batches.maxDelay().toNanos();
    take(batch);
    while (batch.size() < batches.maxSpans() && !isClosing() && System.nanoTime() - deadline < 0) {
      closing.await(LOOK_MS, TimeUnit.MILLISECONDS);
      take(batch);
    }
  }

  /** Whole traces, so it may be two spans more than there should be. */
  private void take(List<SpanData> batch) {
    while (batch.size() < batches.maxSpans()) {
      Trace trace = waiting.poll();
      if (trace == null) {
        return;
      }
      Spans.of(trace, span -> batch.add(named(span)));
    }
  }

  private SpanData named(SpanData span) {
    SpanData rpc = RpcNaming.of(batches.naming().rpc(), span);
    return batches.naming().formerHttp() ? FormerNames.both(rpc) : rpc;
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

  /** As {@link RequestExport#reconfigure}. */
  public void reconfigure(OtlpConfig config) throws OtlpStartException {
    export.reconfigure(config);
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
