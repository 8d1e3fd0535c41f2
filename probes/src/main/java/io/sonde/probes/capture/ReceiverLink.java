package io.sonde.probes.capture;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.CaptureServiceGrpc;
import io.sonde.contract.v1.ExplainRequest;
import io.sonde.contract.v1.Hello;
import io.sonde.contract.v1.ReceiverMessage;
import io.sonde.contract.v1.Welcome;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The call to the receiver. The agent's thread opens, sends and looks at the state; gRPC's thread
 * only stores what came in. Opening a socket file is all it does on a network.
 */
final class ReceiverLink implements AutoCloseable {
  private static final int FLOW_CONTROL_WINDOW = 1024 * 1024;
  private static final int READY_BELOW_BYTES = 512 * 1024;
  private static final int CLOSE_SECONDS = 1;
  private static final int MAX_QUESTIONS = 4;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final ManagedChannel channel;
  private final Runnable wakeUp;
  private final String socket;
  private volatile Call call;

  private ReceiverLink(String socket, Runnable wakeUp) {
    this.socket = socket;
    this.wakeUp = wakeUp;
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket))
            .channelFactory(() -> checked(new EpollDomainSocketChannel(), Path.of(socket)))
            .eventLoopGroup(loop)
            .overrideAuthority("localhost")
            .usePlaintext()
            .disableRetry()
            .flowControlWindow(FLOW_CONTROL_WINDOW)
            .build();
  }

  private static EpollDomainSocketChannel checked(EpollDomainSocketChannel channel, Path socket) {
    channel.pipeline().addLast(new ReceiverCheck(socket));
    return channel;
  }

  /**
   * @param wakeUp run by gRPC's thread when there may be something to do: room to send, or an
   *     acknowledgement
   */
  static ReceiverLink connect(String socket, Runnable wakeUp) {
    ReceiverLink link = new ReceiverLink(socket, wakeUp);
    link.channel.getState(true);
    return link;
  }

  /** One call, from hello to its end. */
  private static final class Call
      implements ClientResponseObserver<CaptureMessage, ReceiverMessage> {
    private ClientCallStreamObserver<CaptureMessage> out;
    private volatile Welcome welcome;
    private volatile long acknowledged;
    private volatile Status ended;
    private final Queue<ExplainRequest> questions = new ArrayBlockingQueue<>(MAX_QUESTIONS);
    private final String socket;
    private final Runnable wakeUp;

    Call(String socket, Runnable wakeUp) {
      this.socket = socket;
      this.wakeUp = wakeUp;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<CaptureMessage> requests) {
      out = requests;
      out.setOnReadyHandler(wakeUp);
    }

    @Override
    public void onNext(ReceiverMessage message) {
      if (message.hasWelcome()) {
        welcome = message.getWelcome();
      } else if (message.hasAck()) {
        acknowledged = message.getAck().getSequence();
      } else if (message.hasExplainRequest()) {
        questions.offer(message.getExplainRequest()); // one too many is not answered
      }
      wakeUp.run();
    }

    @Override
    public void onError(Throwable cause) {
      ended = explained(Status.fromThrowable(cause));
    }

    /** gRPC itself says no more than "io exception". */
    private Status explained(Status status) {
      String reason = status.getDescription();
      for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof ReceiverCheck.ImpostorException) {
          return status.withDescription(cause.getMessage());
        }
        if (cause instanceof FileNotFoundException) {
          reason = "there is no such file"; // netty leaves it without words
        } else if (cause.getMessage() != null) {
          reason = cause.getMessage();
        }
      }
      if (status.getCause() == null && welcome == null) {
        reason = "closed before a word was said"; // gRPC names its own handlers instead
      }
      return status.getCode() != Status.Code.UNAVAILABLE
          ? status
          : status.withDescription(
              socket
                  + ": "
                  + reason
                  + " (is the receiver running, with the same receiver.socket, in a directory that is"
                  + " mounted here too; are we of its group and among its allowed_uids?)");
    }

    @Override
    public void onCompleted() {
      ended = Status.UNAVAILABLE.withDescription("the receiver ended the call");
    }
  }

  /** Starts a call; its answer shows in {@link #welcome()} or {@link #ended()}. */
  void open(Hello hello) {
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      channel.resetConnectBackoff(); // our own pace, not gRPC's, which grows to two minutes
    }
    Call opening = new Call(socket, wakeUp);
    CaptureServiceGrpc.newStub(channel).withOnReadyThreshold(READY_BELOW_BYTES).capture(opening);
    opening.out.onNext(CaptureMessage.newBuilder().setHello(hello).build());
    call = opening;
  }

  boolean isOpen() {
    return call != null;
  }

  /** The receiver's answer to hello, once it is there. */
  Optional<Welcome> welcome() {
    Call current = call;
    return current == null ? Optional.empty() : Optional.ofNullable(current.welcome);
  }

  /** Highest sequence acknowledged in this call. */
  long acknowledged() {
    Call current = call;
    return current == null ? 0 : current.acknowledged;
  }

  /** What the receiver has asked and was not taken yet; null: nothing. */
  ExplainRequest takeQuestion() {
    Call current = call;
    return current == null ? null : current.questions.poll();
  }

  /** Why the call is over, once it is. */
  Optional<Status> ended() {
    Call current = call;
    return current == null ? Optional.empty() : Optional.ofNullable(current.ended);
  }

  void forget() {
    call = null;
  }

  /** False while the receiver does not keep up: what is sent now would only pile up. */
  boolean isReady() {
    Call current = call;
    return current != null && current.ended == null && current.out.isReady();
  }

  void send(CaptureMessage message) {
    call.out.onNext(message);
  }

  @Override
  public void close() {
    Call current = call;
    if (current != null && current.ended == null) {
      current.out.onCompleted();
    }
    channel.shutdown();
    try {
      channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    channel.shutdownNow();
    loop.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
  }
}
