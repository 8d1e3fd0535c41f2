package io.sonde.pipeline.export.otlp;

import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.ExporterStatus.State;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.export.otlp.queue.SendingQueue;
import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import io.sonde.pipeline.export.otlp.request.RequestSplitter;
import io.sonde.pipeline.export.otlp.transport.Outcome;
import io.sonde.pipeline.export.otlp.transport.Transport;
import io.sonde.pipeline.export.otlp.transport.TransportFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sends the requests of one signal, the oldest first and one at a time, and acts on the answers. A
 * request leaves the queue when its fate is known, so none is sent again that the endpoint is known
 * to have taken. The one case where it gets items twice: it took a request, but its answer did not
 * arrive in time or at all; OTLP has no way to ask.
 */
final class Sender {
  private static final Duration LOOK = Duration.ofMillis(100);

  /** For a request that was cut off to end. */
  private static final long LAST_MS = 500;

  private final OtlpConfig config;
  private final SendingQueue queue;
  private final Account account;
  private final ExportState state;
  private final ExportLog log;
  private final Pace pace;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private final Sender predecessor;
  private volatile Transport transport;
  private volatile boolean retired;
  private OtlpRequest tried;
  private long firstTriedNs;

  /**
   * @param transports opened on the sender's own thread, since that takes a while
   * @param predecessor retired, whose last request this one waits for; null: none
   */
  Sender(
      OtlpConfig config,
      TransportFactory transports,
      SendingQueue queue,
      Account account,
      ExportState state,
      ExportLog log,
      Sender predecessor) {
    this.config = config;
    this.queue = queue;
    this.account = account;
    this.state = state;
    this.log = log;
    this.pace = new Pace(config.backoff());
    this.predecessor = predecessor;
    this.thread = new Thread(() -> run(transports), account.stage().replace('_', '-'));
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run(TransportFactory transports) {
    try (Transport opened = transports.open()) {
      transport = opened;
      if (predecessor != null) {
        predecessor.thread.join();
      }
      boolean more = true;
      while (more && !retired) {
        OtlpRequest request = queue.peek(LOOK);
        more = request == null ? !isClosing() : send(request);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  /** Whether to go on. */
  private boolean send(OtlpRequest request) throws InterruptedException {
    if (request != tried) {
      tried = request;
      firstTriedNs = System.nanoTime();
    }
    try {
      return act(request, transport.send(request));
    } catch (RuntimeException e) { // one request that cannot be sent must not end all export
      log.defect(request.items(), e);
      lose(request, LossCause.INTERNAL_ERROR);
      return true;
    }
  }

  private boolean act(OtlpRequest request, Outcome outcome) throws InterruptedException {
    if (outcome instanceof Outcome.Retry retry) {
      return retryLater(request, retry);
    }
    if (outcome instanceof Outcome.Unimplemented unimplemented) {
      state.become(State.PARKED, unimplemented.reason());
      log.parked(unimplemented.reason(), config.parkedFor());
      return pause(config.parkedFor());
    }
    pace.reset();
    if (outcome instanceof Outcome.Accepted accepted) {
      accept(request, accepted);
    } else if (outcome instanceof Outcome.TooLarge tooLarge) {
      split(request, tooLarge);
    } else if (outcome instanceof Outcome.Refused refused) {
      state.become(State.PERMANENT_ERROR, refused.reason());
      log.refused(request.items(), refused.reason());
      lose(request, LossCause.EXPORT_REFUSED);
    }
    return true;
  }

  private void accept(OtlpRequest request, Outcome.Accepted accepted) {
    state.become(State.OK, accepted.message());
    log.taken();
    log.remark(accepted.rejected(), accepted.message());
    if (queue.remove()) {
      long rejected = Math.min(accepted.rejected(), request.items());
      account.out(request.items() - rejected);
      account.lost(LossCause.EXPORT_REJECTED, rejected);
    }
  }

  private boolean retryLater(OtlpRequest request, Outcome.Retry retry) throws InterruptedException {
    state.become(State.RECOVERABLE_ERROR, retry.reason());
    if (!isClosing()) { // then the end says what is left
      log.retrying(retry.reason());
    }
    Duration limit = config.backoff().maxElapsed();
    if (!limit.isZero() && System.nanoTime() - firstTriedNs > limit.toNanos()) {
      lose(request, LossCause.EXPORT_FAILED);
    }
    return pause(retry.after().map(this::atLeastInitial).orElseGet(pace::next));
  }

  /** An endpoint that asks for no pause at all is not taken at its word. */
  private Duration atLeastInitial(Duration asked) {
    Duration initial = config.backoff().initial();
    return asked.compareTo(initial) < 0 ? initial : asked;
  }

  /**
   * Halves take the request's place at the end of the queue, so that each is sent, retried and kept
   * on disk by itself. Removed first: were they to be found together after a crash, items would be
   * sent twice.
   */
  private void split(OtlpRequest request, Outcome.TooLarge tooLarge) {
    if (request.items() == 1) {
      state.become(State.PERMANENT_ERROR, tooLarge.reason());
      log.tooLarge(tooLarge.reason());
      lose(request, LossCause.EXPORT_TOO_LARGE);
      return;
    }
    List<OtlpRequest> halves = RequestSplitter.halves(request);
    if (queue.remove()) {
      halves.forEach(queue::offer);
    }
  }

  private void lose(OtlpRequest request, LossCause cause) {
    if (queue.remove()) {
      account.lost(cause, request.items());
    }
  }

  /** Whether to go on: at the end, a pause is cut short for a last attempt. */
  private boolean pause(Duration pause) throws InterruptedException {
    if (isClosing()) {
      return false;
    }
    closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    return true;
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** Ends with the request under way: what is in the queue is another sender's. */
  void retire() {
    retired = true;
    closing.countDown();
  }

  /**
   * Sends what is in the queue, as long as it is taken at the first attempt and within the time;
   * then cuts off what is under way.
   */
  void close(Duration patience) throws InterruptedException {
    closing.countDown();
    thread.join(Math.max(1, patience.toMillis()));
    Transport open = transport;
    if (open != null) {
      open.close();
    }
    thread.join(LAST_MS);
  }
}
