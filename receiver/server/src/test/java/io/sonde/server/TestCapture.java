package io.sonde.server;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.sonde.contract.RecordLayout;
import io.sonde.contract.v1.Block;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.CaptureServiceGrpc;
import io.sonde.contract.v1.Hello;
import io.sonde.contract.v1.ProcessExited;
import io.sonde.contract.v1.ReceiverMessage;
import io.sonde.contract.v1.Welcome;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A capture process as the receiver sees one: a real gRPC client on a real Unix socket. */
final class TestCapture {
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final ManagedChannel channel;

  TestCapture(Path socket) {
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .eventLoopGroup(loop)
            .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
  }

  static Hello.Builder hello(String instance) {
    return Hello.newBuilder()
        .setLayoutVersion(RecordLayout.LAYOUT_VERSION)
        .setInstanceId(ByteString.copyFromUtf8(instance))
        .setHostName("host-1")
        .setKernelRelease("6.18");
  }

  static CaptureMessage exit(long sequence) {
    return CaptureMessage.newBuilder()
        .setSequence(sequence)
        .setProcessExited(ProcessExited.newBuilder().setPid((int) sequence).setTimeNs(1))
        .build();
  }

  static CaptureMessage block(long sequence, byte[] records, int count) {
    return CaptureMessage.newBuilder()
        .setSequence(sequence)
        .setBlock(Block.newBuilder().setRecords(ByteString.copyFrom(records)).setCount(count))
        .build();
  }

  /** Opens a call and says hello. */
  Call call(Hello.Builder hello) {
    Call call = new Call();
    CaptureServiceGrpc.newStub(channel).capture(call);
    call.send(CaptureMessage.newBuilder().setHello(hello).build());
    return call;
  }

  void close() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
  }

  static final class Call implements ClientResponseObserver<CaptureMessage, ReceiverMessage> {
    final List<Long> acks = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Welcome> welcome = new CompletableFuture<>();
    private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
    private ClientCallStreamObserver<CaptureMessage> requests;

    @Override
    public void beforeStart(ClientCallStreamObserver<CaptureMessage> requests) {
      this.requests = requests;
    }

    void send(CaptureMessage message) {
      requests.onNext(message);
    }

    boolean isReady() {
      return requests.isReady();
    }

    void complete() {
      requests.onCompleted();
    }

    /** As when the process is killed. */
    void breakOff() {
      requests.cancel("killed", null);
    }

    Welcome welcome() throws Exception {
      return welcome.get(10, TimeUnit.SECONDS);
    }

    /** How the call ended: null when in good order. */
    Throwable ended() throws Exception {
      return ended.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void onNext(ReceiverMessage message) {
      if (message.hasWelcome()) {
        welcome.complete(message.getWelcome());
      } else {
        acks.add(message.getAck().getSequence());
      }
    }

    @Override
    public void onError(Throwable error) {
      welcome.completeExceptionally(error);
      ended.complete(error);
    }

    @Override
    public void onCompleted() {
      ended.complete(null);
    }
  }
}
