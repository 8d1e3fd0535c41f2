package io.sonde.server;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.sonde.contract.v1.Ack;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.ExplainRequest;
import io.sonde.contract.v1.ReceiverMessage;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * One call. The observer methods run on the event loop and only enqueue; everything else runs on
 * the pipeline thread.
 */
final class CaptureStream implements StreamObserver<CaptureMessage> {
  /** Messages a capture may be ahead of the pipeline: with 1 MiB each, the bound on our memory. */
  static final int MESSAGES_IN_FLIGHT = 4;

  private static final int MESSAGES_PER_ACK = 16;
  private static final Duration ACK_DELAY = Duration.ofMillis(50);

  /** A terminal that does not take what is printed holds nobody up for longer. */
  private static final Duration MAX_ACK_DELAY = Duration.ofSeconds(1);

  /**
   * What is acknowledged next.
   *
   * @param since System.nanoTime()
   */
  private record Due(long sequence, BooleanSupplier written, long since) {
    boolean isReady() {
      return written.getAsBoolean() || System.nanoTime() - since > MAX_ACK_DELAY.toNanos();
    }
  }

  private final Sessions sessions;
  private final PipelineThread pipelineThread;
  private final ServerCallStreamObserver<ReceiverMessage> responses;
  private Session session;
  private boolean ended;
  private boolean acknowledgementScheduled;

  /** Messages after those that are due. */
  private int unacknowledged;

  private Due due;

  CaptureStream(
      Sessions sessions,
      PipelineThread pipelineThread,
      ServerCallStreamObserver<ReceiverMessage> responses) {
    this.sessions = sessions;
    this.pipelineThread = pipelineThread;
    this.responses = responses;
    responses.disableAutoRequest();
    responses.setOnCancelHandler(this::broken);
    responses.request(MESSAGES_IN_FLIGHT);
  }

  @Override
  public void onNext(CaptureMessage message) {
    pipelineThread.execute(() -> take(message));
  }

  @Override
  public void onError(Throwable error) {
    broken();
  }

  /**
   * The capture process ends in good order. It learns of our end last: who then asks finds the
   * session closed.
   */
  @Override
  public void onCompleted() {
    pipelineThread.execute(
        () -> {
          if (!ended) {
            acknowledgeAll();
            ended = true;
            if (session != null) {
              sessions.close(session);
            }
            responses.onCompleted();
          }
        });
  }

  private void broken() {
    pipelineThread.execute(
        () -> {
          if (!ended) {
            ended = true;
            if (session != null) {
              sessions.awaitResume(session);
            }
          }
        });
  }

  private void take(CaptureMessage message) {
    if (ended) {
      return;
    }
    try {
      if (session == null) {
        session = sessions.open(message, this);
        responses.onNext(ReceiverMessage.newBuilder().setWelcome(session.welcome()).build());
      } else {
        session.take(message);
        if (message.hasExplainAnswer()) {
          sessions.explained(session, message.getExplainAnswer());
        }
        acknowledgeSoon();
      }
      responses.request(1);
    } catch (StatusException refusal) {
      end(refusal.getStatus());
      if (session != null) {
        sessions.awaitResume(session);
      }
    } catch (RuntimeException defect) {
      end(Status.INTERNAL.withDescription("a defect in the receiver; its log has the exception"));
      throw defect;
    }
  }

  private void acknowledgeSoon() {
    unacknowledged++;
    if (unacknowledged >= MESSAGES_PER_ACK) {
      acknowledge();
    } else {
      acknowledgeLater();
    }
  }

  private void acknowledgeLater() {
    if (!acknowledgementScheduled) {
      acknowledgementScheduled = true;
      pipelineThread.schedule(
          () -> {
            acknowledgementScheduled = false;
            acknowledge();
          },
          ACK_DELAY);
    }
  }

  /**
   * Acknowledged is what a receiver that is killed would not take with it. An Ack covers all before
   * it, so it can wait: for the outputs, and while the peer does not read.
   */
  private void acknowledge() {
    if (ended) {
      return;
    }
    if (due == null && unacknowledged > 0) {
      due = new Due(session.lastSequence(), session.written(), System.nanoTime());
      unacknowledged = 0;
    }
    if (due != null && due.isReady() && responses.isReady()) {
      send(due.sequence());
      due = null;
    }
    if (due != null || unacknowledged > 0) {
      acknowledgeLater();
    }
  }

  /** The end is in good order: what has been taken will be written. */
  private void acknowledgeAll() {
    if ((due != null || unacknowledged > 0) && responses.isReady()) {
      send(session.lastSequence());
    }
  }

  private void send(long sequence) {
    responses.onNext(
        ReceiverMessage.newBuilder().setAck(Ack.newBuilder().setSequence(sequence)).build());
  }

  void ask(ExplainRequest request) {
    if (!ended) {
      responses.onNext(ReceiverMessage.newBuilder().setExplainRequest(request).build());
    }
  }

  /** Ends the call from our side. */
  void end(Status status) {
    if (!ended) {
      acknowledgeAll();
      ended = true;
      responses.onError(status.asException());
    }
  }
}
