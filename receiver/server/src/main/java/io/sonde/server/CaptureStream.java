package io.sonde.server;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.sonde.contract.v1.Ack;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.ReceiverMessage;
import java.time.Duration;

/**
 * One call. The observer methods run on the event loop and only enqueue; everything else runs on
 * the pipeline thread.
 */
final class CaptureStream implements StreamObserver<CaptureMessage> {
  /** Messages a capture may be ahead of the pipeline: with 1 MiB each, the bound on our memory. */
  static final int MESSAGES_IN_FLIGHT = 4;

  private static final int MESSAGES_PER_ACK = 16;
  private static final Duration ACK_DELAY = Duration.ofMillis(50);

  private final Sessions sessions;
  private final PipelineThread pipelineThread;
  private final ServerCallStreamObserver<ReceiverMessage> responses;
  private Session session;
  private boolean ended;
  private boolean acknowledgementDue;
  private int unacknowledged;

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

  /** The capture process ends in good order. */
  @Override
  public void onCompleted() {
    pipelineThread.execute(
        () -> {
          if (!ended) {
            acknowledge();
            ended = true;
            responses.onCompleted();
            if (session != null) {
              sessions.close(session);
            }
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
    if (!acknowledgementDue) {
      acknowledgementDue = true;
      pipelineThread.schedule(
          () -> {
            acknowledgementDue = false;
            acknowledge();
          },
          ACK_DELAY);
    }
  }

  /** An Ack covers all before it, so it can wait while the peer does not read. */
  private void acknowledge() {
    if (unacknowledged == 0 || ended) {
      return;
    }
    if (!responses.isReady()) {
      acknowledgeLater();
      return;
    }
    unacknowledged = 0;
    responses.onNext(
        ReceiverMessage.newBuilder()
            .setAck(Ack.newBuilder().setSequence(session.lastSequence()))
            .build());
  }

  /** Ends the call from our side. */
  void end(Status status) {
    if (!ended) {
      acknowledge();
      ended = true;
      responses.onError(status.asException());
    }
  }
}
