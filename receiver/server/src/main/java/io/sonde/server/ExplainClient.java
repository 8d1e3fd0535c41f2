package io.sonde.server;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.sonde.contract.v1.ExplainQuestion;
import io.sonde.contract.v1.ExplainReport;
import io.sonde.contract.v1.ExplainServiceGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Asks a running receiver, for {@code sonde explain}. One question or a few, then closed. */
public final class ExplainClient implements AutoCloseable {
  /** Longer than the receiver waits for its captures. */
  private static final int PATIENCE_SECONDS = 10;

  /** Held: netty warns at every connection that a Unix socket has no SO_KEEPALIVE. */
  private static final Logger BOOTSTRAP_LOG = Logger.getLogger("io.netty.bootstrap");

  private final Path socket;
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, DaemonThreads.named("explain"), EpollIoHandler.newFactory());
  private final ManagedChannel channel;

  /**
   * @param socket on which the receiver answers such questions
   */
  public ExplainClient(Path socket) {
    BOOTSTRAP_LOG.setLevel(Level.SEVERE);
    this.socket = socket;
    this.channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
  }

  /**
   * @throws IOException when nobody answers; says why and what to do
   */
  public ExplainReport ask(ExplainQuestion question) throws IOException {
    try {
      return ExplainServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .explain(question);
    } catch (StatusRuntimeException e) {
      throw new IOException(reason(e.getStatus()), e);
    }
  }

  private String reason(Status status) {
    if (status.getCode() != Status.Code.UNAVAILABLE) {
      return "the receiver at %s did not answer (%s %s): its log may say why"
          .formatted(socket, status.getCode(), status.getDescription());
    }
    if (Files.notExists(socket)) {
      return "no Sonde runs here: nobody listens on "
          + socket
          + ". Start it (sonde run), or give the configuration that it was started with (--config),"
          + " whose receiver.socket says where it is";
    }
    return "the receiver at "
        + socket
        + " cannot be asked ("
        + (status.getCause() == null ? "it hung up" : status.getCause().getMessage())
        + "): it has ended, or this user is neither root nor the one that the receiver runs as; try"
        + " again as root";
  }

  @Override
  public void close() {
    channel.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
