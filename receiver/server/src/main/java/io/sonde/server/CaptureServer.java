package io.sonde.server;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.server.recording.CaptureTap;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Accepts capture processes on a Unix socket and feeds what they send to the pipeline. */
public final class CaptureServer implements AutoCloseable {
  /** Of one message: a block of 1 MiB and its envelope. */
  private static final int MAX_MESSAGE_BYTES = (1 << 20) + (64 << 10);

  private static final int MAX_QUESTION_BYTES = 1 << 10;

  /** What a capture may have under way before isReady() turns false on its side. */
  private static final int FLOW_CONTROL_WINDOW_BYTES = 256 << 10;

  /** One, and the next one while the one before is still being given up. */
  private static final int CALLS_PER_CONNECTION = 4;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** For the last acknowledgements to be sent. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  /** Held: netty warns at every connection that a Unix socket has no SO_KEEPALIVE. */
  private static final Logger BOOTSTRAP_LOG = Logger.getLogger("io.netty.bootstrap");

  private final SocketFile socketFile;
  private final EventLoopGroup eventLoop;
  private final PipelineThread pipelineThread = new PipelineThread();
  private final Sessions sessions;
  private final Server server;
  private final Account peers;
  private final ReceiverAccounts accounts;
  private SocketFile explainSocket;
  private Server explainServer;

  /**
   * @param allowedUids admitted beside root and the uid of this process
   * @param resumeGrace how long a capture whose connection broke may take to come back before its
   *     open exchanges are ended
   */
  public record Settings(Set<Integer> allowedUids, Duration resumeGrace) {}

  /**
   * Listens at once.
   *
   * @param socket closed together with the server
   * @param pipeline called on the pipeline thread for every new capture instance
   * @param tap is told all that the captures send
   * @throws IOException when the socket cannot be had; the message says what to do
   */
  public static CaptureServer start(
      SocketFile socket,
      Settings settings,
      Function<CaptureStarted, CaptureSink> pipeline,
      CaptureTap tap)
      throws IOException {
    if (!Epoll.isAvailable()) {
      throw new IOException(
          "netty's native epoll library cannot be loaded ("
              + Epoll.unavailabilityCause().getMessage()
              + "): Unix sockets need Linux on x86-64 and a java.io.tmpdir that allows execution",
          Epoll.unavailabilityCause());
    }
    BOOTSTRAP_LOG.setLevel(Level.SEVERE);
    return new CaptureServer(socket, settings, pipeline, tap);
  }

  private CaptureServer(
      SocketFile socket,
      Settings settings,
      Function<CaptureStarted, CaptureSink> pipeline,
      CaptureTap tap)
      throws IOException {
    socketFile = socket;
    peers = new Account("admit");
    accounts = new ReceiverAccounts(new Account("receive"), new Account("records"));
    sessions = new Sessions(pipeline, tap, accounts, pipelineThread, settings.resumeGrace());
    eventLoop =
        new MultiThreadIoEventLoopGroup(
            1, DaemonThreads.named("grpc"), EpollIoHandler.newFactory());
    server =
        builder(socketFile, settings.allowedUids())
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
            .addService(new CaptureService(sessions, pipelineThread))
            .build();
    try {
      server.start();
      socketFile.publish();
    } catch (IOException e) {
      stop();
      throw e;
    }
  }

  private NettyServerBuilder builder(SocketFile socket, Set<Integer> allowedUids)
      throws IOException {
    PeerCheck peerCheck = new PeerCheck(allowedUids, peers);
    return NettyServerBuilder.forAddress(new DomainSocketAddress(socket.bindPath().toFile()))
        .channelFactory(
            () -> {
              EpollServerDomainSocketChannel channel = new EpollServerDomainSocketChannel();
              channel.pipeline().addLast(peerCheck);
              return channel;
            })
        .bossEventLoopGroup(eventLoop)
        .workerEventLoopGroup(eventLoop)
        // The callbacks only enqueue, so they may run on the event loop itself.
        .directExecutor()
        .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION);
  }

  /**
   * From now on also answers {@code sonde explain}, to root and the user of this process alone.
   *
   * @param socket closed together with the server
   * @throws IOException when the socket cannot be had; the message says what to do
   */
  public void explainOn(SocketFile socket) throws IOException {
    explainSocket = socket;
    explainServer =
        builder(socket, Set.of())
            .maxInboundMessageSize(MAX_QUESTION_BYTES)
            .addService(new ExplainService(sessions, pipelineThread))
            .build();
    explainServer.start();
    socket.publish();
  }

  /**
   * Runs something between two messages, on the thread on which the pipeline is called, and waits
   * for it.
   */
  public <T> T call(Supplier<T> task) throws InterruptedException {
    CompletableFuture<T> done = new CompletableFuture<>();
    pipelineThread.execute(
        () -> {
          try {
            done.complete(task.get());
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    try {
      return done.get();
    } catch (ExecutionException e) {
      throw (RuntimeException) e.getCause();
    }
  }

  /** The accounts of this part, to be registered with the pipeline's self-metrics. */
  public List<Account> accounts() {
    return List.of(peers, accounts.messages(), accounts.records());
  }

  /**
   * Ends the calls, lets the pipeline thread finish what it has, closes every sink and removes the
   * socket file. What was not acknowledged by then, the capture processes still have.
   */
  @Override
  public void close() {
    pipelineThread.execute(sessions::closeAll);
    stop();
  }

  private void stop() {
    try {
      if (explainServer != null) {
        explainServer.shutdownNow();
      }
      pipelineThread.end(PATIENCE);
      server.shutdown().awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
      server.shutdownNow().awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      eventLoop.shutdownGracefully(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      socketFile.close();
      if (explainSocket != null) {
        explainSocket.close();
      }
    }
  }
}
