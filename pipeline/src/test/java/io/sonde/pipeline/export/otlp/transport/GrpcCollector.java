package io.sonde.pipeline.export.otlp.transport;

import com.google.rpc.Status;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslContext;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A gRPC server that takes traces and answers as a test wants. */
public final class GrpcCollector implements AutoCloseable {
  private static final MethodDescriptor<ExportTraceServiceRequest, ExportTraceServiceResponse>
      EXPORT =
          MethodDescriptor.<ExportTraceServiceRequest, ExportTraceServiceResponse>newBuilder(
                  ProtoUtils.marshaller(ExportTraceServiceRequest.getDefaultInstance()),
                  ProtoUtils.marshaller(ExportTraceServiceResponse.getDefaultInstance()))
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Export")
              .build();

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Server server;
  private final List<ExportTraceServiceRequest> requests = new CopyOnWriteArrayList<>();
  private final List<Metadata> headers = new CopyOnWriteArrayList<>();

  private volatile Function<ExportTraceServiceRequest, ExportTraceServiceResponse> answer =
      request -> ExportTraceServiceResponse.getDefaultInstance();

  /** On a port of its own choice. */
  public static GrpcCollector onTcp() throws IOException {
    return onTcp(0, null);
  }

  public static GrpcCollector onTcp(int port, SslContext tls) throws IOException {
    return new GrpcCollector(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), tls, true);
  }

  /**
   * @param name begins with a zero where the socket is abstract
   */
  public static GrpcCollector onUnix(String name) throws IOException {
    return new GrpcCollector(new DomainSocketAddress(name), null, true);
  }

  /** A server, but without a service for traces. */
  public static GrpcCollector withoutTraces() throws IOException {
    return new GrpcCollector(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, false);
  }

  private GrpcCollector(SocketAddress address, SslContext tls, boolean traces) throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .channelType(
                address instanceof DomainSocketAddress
                    ? EpollServerDomainSocketChannel.class
                    : EpollServerSocketChannel.class)
            .bossEventLoopGroup(group)
            .workerEventLoopGroup(group);
    if (tls != null) {
      builder.sslContext(tls);
    }
    if (traces) {
      builder.addService(
          ServerInterceptors.intercept(
              ServerServiceDefinition.builder("opentelemetry.proto.collector.trace.v1.TraceService")
                  .addMethod(
                      EXPORT,
                      ServerCalls.asyncUnaryCall(
                          (request, observer) -> {
                            requests.add(request);
                            try {
                              observer.onNext(answer.apply(request));
                              observer.onCompleted();
                            } catch (StatusRuntimeException e) {
                              observer.onError(e);
                            }
                          }))
                  .build(),
              new HeaderKeeper()));
    }
    server = builder.build().start();
  }

  /** What it does with a request from now on; throws the status to answer with. */
  public GrpcCollector answering(
      Function<ExportTraceServiceRequest, ExportTraceServiceResponse> how) {
    answer = how;
    return this;
  }

  public static StatusRuntimeException status(Status status) {
    return StatusProto.toStatusRuntimeException(status);
  }

  /** All that arrived, taken or not. */
  public List<ExportTraceServiceRequest> requests() {
    return requests;
  }

  public List<Metadata> headers() {
    return headers;
  }

  public int port() {
    return server.getPort();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port();
  }

  @Override
  public void close() {
    server.shutdownNow();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private final class HeaderKeeper implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
      headers.add(metadata);
      return next.startCall(call, metadata);
    }
  }
}
