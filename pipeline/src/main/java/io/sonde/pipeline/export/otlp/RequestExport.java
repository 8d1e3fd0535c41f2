package io.sonde.pipeline.export.otlp;

import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.ExporterStatus;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.export.otlp.queue.DiskQueue;
import io.sonde.pipeline.export.otlp.queue.MemoryQueue;
import io.sonde.pipeline.export.otlp.queue.QueueOpenException;
import io.sonde.pipeline.export.otlp.queue.SendingQueue;
import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import io.sonde.pipeline.export.otlp.request.RequestSplitter;
import io.sonde.pipeline.export.otlp.request.Signal;
import io.sonde.pipeline.export.otlp.transport.TransportFactory;
import java.time.Duration;
import java.util.Locale;

/** One signal's way out: encoded requests, the queue, the sender. */
final class RequestExport {
  private final Signal signal;
  private volatile int maxRequestBytes;
  private final boolean onDisk;
  private final Account account;
  private final ExportState state = new ExportState();
  private final SendingQueue queue;
  private volatile ExportLog log;
  private volatile Sender sender;
  private long lastBytes;

  private RequestExport(
      OtlpConfig config, Signal signal, Account account, TransportFactory transports)
      throws OtlpStartException {
    this.signal = signal;
    this.maxRequestBytes = config.maxRequestBytes();
    this.onDisk = config.queue().directory().isPresent();
    this.account = account;
    this.log = new ExportLog(signal, config.endpoint());
    this.queue = open(config.queue());
    this.sender = new Sender(config, transports, queue, account, state, log, null);
  }

  /**
   * @param account counts items; nobody else counts what goes out of it
   */
  static RequestExport start(OtlpConfig config, Signal signal, Account account)
      throws OtlpStartException {
    RequestExport export =
        new RequestExport(config, signal, account, TransportFactory.prepare(config, signal));
    account.in(export.queue.recovered());
    export.sender.start();
    return export;
  }

  private SendingQueue open(OtlpConfig.Queue config) throws OtlpStartException {
    if (config.directory().isEmpty()) {
      return new MemoryQueue(config.maxBytes(), this::lost);
    }
    try {
      return DiskQueue.open(
          config.directory().get().resolve(name()), signal, config.maxBytes(), this::lost);
    } catch (QueueOpenException e) {
      throw new OtlpStartException("queue.directory", "queue.directory: " + e.getMessage(), e);
    }
  }

  /**
   * Speaks to the endpoint as configured here from now on. The queue stays what it is, with all
   * that is in it; the request under way ends as it was begun.
   *
   * @throws OtlpStartException when that cannot be; then nothing is changed
   */
  void reconfigure(OtlpConfig config) throws OtlpStartException {
    TransportFactory transports = TransportFactory.prepare(config, signal);
    Sender before = sender;
    maxRequestBytes = config.maxRequestBytes();
    log = new ExportLog(signal, config.endpoint());
    sender = new Sender(config, transports, queue, account, state, log, before);
    before.retire();
    sender.start();
  }

  /** As in paths and labels. */
  private String name() {
    return signal.name().toLowerCase(Locale.ROOT);
  }

  private void lost(LossCause cause, long items) {
    account.lost(
        cause == LossCause.EXPORT_QUEUE_FULL && state.isParked() ? LossCause.EXPORT_PARKED : cause,
        items);
  }

  /** Does not wait; the items have been counted as coming in. */
  void offer(int items, byte[] body) {
    lastBytes = body.length;
    RequestSplitter.toFit(new OtlpRequest(signal, items, body), maxRequestBytes)
        .forEach(queue::offer);
  }

  /**
   * Whether the queue would take another request like the last one without dropping an older one.
   * Always when it is empty, however large that was. For the thread that offers.
   */
  boolean takesMore() {
    long capacity = queue.capacityBytes();
    long left = capacity - queue.bytes();
    // A queue on disk is cleared by sixteenths.
    return left >= Math.min(lastBytes + capacity / 16, capacity / 2);
  }

  /** Items that had to go before they became a request, to make room for newer ones. */
  void dropped(long items) {
    lost(LossCause.EXPORT_QUEUE_FULL, items);
  }

  /** For what is under way to become requests, too. */
  boolean hasRoom() {
    return queue.bytes() <= queue.capacityBytes() / 2;
  }

  /** Items that did not become a request. */
  void defect(long items, RuntimeException cause) {
    account.lost(LossCause.INTERNAL_ERROR, items);
    log.defect(items, cause);
  }

  ExporterStatus status() {
    ExportState.Standing now = state.now();
    return new ExporterStatus(
        name(),
        signal.items(),
        now.state(),
        now.since(),
        now.message(),
        account.outTotal(),
        sum(
            LossCause.EXPORT_FAILED,
            LossCause.EXPORT_REFUSED,
            LossCause.EXPORT_REJECTED,
            LossCause.EXPORT_TOO_LARGE),
        sum(
            LossCause.EXPORT_QUEUE_FULL,
            LossCause.EXPORT_QUEUE_DAMAGED,
            LossCause.EXPORT_PARKED,
            LossCause.EXPORT_SHUTDOWN,
            LossCause.INTERNAL_ERROR),
        new ExporterStatus.Queue(
            queue.bytes(), queue.capacityBytes(), queue.requests(), queue.items()));
  }

  private long sum(LossCause... causes) {
    long sum = 0;
    for (LossCause cause : causes) {
      sum += account.lostTotal(cause);
    }
    return sum;
  }

  /** Sends what it can within the time; the rest is lost and counted, or kept on disk. */
  void close(Duration patience) {
    try {
      sender.close(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    long left = queue.items();
    queue.close();
    if (left > 0) {
      log.left(left, onDisk);
    }
  }
}
