package io.sonde.pipeline.export.otlp.transport;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.sonde.pipeline.OtlpAddress.Tcp;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import io.sonde.pipeline.export.otlp.request.Signal;
import io.sonde.pipeline.identity.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * OTLP/gRPC: a unary call per request. No keepalive pings: a Collector ends connections that ping
 * more often than every five minutes, and a dead one shows by the timeout of the next request.
 */
final class GrpcTransport implements Transport {
  private static final Metadata.Key<byte[]> STATUS_DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /** Servers limit messages to 4 MiB by default, never to less than this. */
  private static final int NEVER_TOO_LARGE = 1 << 20;

  private final OtlpConfig config;
  private final MethodDescriptor<byte[], byte[]> method;
  private final TlsFiles tls;
  private final Authorization authorization;
  private final Wire wire;
  private ManagedChannel channel;
  private SslContext channelTls;
  private boolean closed;

  /**
   * @param tls null where the endpoint does not speak it
   */
  GrpcTransport(OtlpConfig config, Signal signal, TlsFiles tls) {
    this.config = config;
    this.method =
        MethodDescriptor.<byte[], byte[]>newBuilder(
                BytesMarshaller.INSTANCE, BytesMarshaller.INSTANCE)
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(signal.grpcMethod())
            .build();
    this.tls = tls;
    this.authorization = Authorization.of(config.auth());
    this.wire = new Wire(config.endpoint().target(), signal);
  }

  @Override
  public Outcome send(OtlpRequest request) throws InterruptedException {
    try {
      Channel calls =
          ClientInterceptors.intercept(
              connected(), MetadataUtils.newAttachHeadersInterceptor(headers()));
      byte[] answer = ClientCalls.blockingUnaryCall(calls, method, options(), request.body());
      return Answers.accepted(answer);
    } catch (StatusRuntimeException e) {
      if (Thread.interrupted()) { // which ClientCalls turns into a status
        throw new InterruptedException();
      }
      return outcome(e.getStatus(), e.getTrailers(), request);
    } catch (IOException e) {
      return new Outcome.Retry(e.getMessage(), Optional.empty());
    }
  }

  private CallOptions options() {
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(config.timeout().toNanos(), TimeUnit.NANOSECONDS);
    return config.gzip() ? options.withCompression("gzip") : options;
  }

  private Metadata headers() throws IOException {
    Metadata metadata = new Metadata();
    config.headers().forEach((name, value) -> metadata.put(key(name), value));
    authorization.value().ifPresent(value -> metadata.put(key("authorization"), value));
    return metadata;
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name.toLowerCase(Locale.ROOT), Metadata.ASCII_STRING_MARSHALLER);
  }

  /**
   * A channel that could not connect is not used again: it would fail calls at once, at a pace of
   * its own that grows to two minutes. Nor is one with certificates that have been replaced.
   */
  private synchronized ManagedChannel connected() throws IOException {
    if (closed) {
      throw new IOException("Sonde is ending");
    }
    SslContext currentTls = tls == null ? null : tls.context();
    if (channel != null
        && (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE
            || currentTls != channelTls)) {
      channel.shutdownNow();
      channel = null;
    }
    if (channel == null) {
      channel = open(currentTls);
      channelTls = currentTls;
    }
    return channel;
  }

  private ManagedChannel open(SslContext withTls) {
    NettyChannelBuilder builder;
    if (config.endpoint().target() instanceof Tcp tcp) {
      builder = NettyChannelBuilder.forAddress(tcp.host(), tcp.port());
    } else {
      builder = NettyChannelBuilder.forAddress(wire.address()).overrideAuthority("localhost");
    }
    builder
        .eventLoopGroup(wire.eventLoop())
        .channelType(wire.channelType(), wire.address().getClass())
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, Wire.connectMillis(config.timeout()))
        .userAgent("Sonde/" + Scope.INFO.getVersion())
        .directExecutor()
        .disableRetry() // the queue's consumer does it
        .disableServiceConfigLookUp();
    if (withTls == null) {
      return builder.usePlaintext().build();
    }
    config.tls().serverName().ifPresent(builder::overrideAuthority);
    return builder.sslContext(withTls).build();
  }

  private Outcome outcome(Status status, Metadata trailers, OtlpRequest request) {
    String code = status.getCode().name();
    String reason = Remark.after(code, status.getDescription());
    Optional<Duration> delay = retryDelay(trailers);
    if (status.getCause() != null) { // only a status of gRPC's own making has one
      return new Outcome.Retry(
          ConnectFailure.describe(config.endpoint(), status.getCause()), delay);
    }
    return switch (status.getCode()) {
      case DEADLINE_EXCEEDED ->
          new Outcome.Retry(
              config.endpoint() + " does not answer within " + config.timeout().toMillis() + " ms",
              delay);
      case UNAVAILABLE, CANCELLED, ABORTED, OUT_OF_RANGE, DATA_LOSS ->
          new Outcome.Retry(reason, delay);
      case RESOURCE_EXHAUSTED -> exhausted(reason, delay, request);
      case UNIMPLEMENTED -> new Outcome.Unimplemented(reason);
      case UNAUTHENTICATED, PERMISSION_DENIED ->
          new Outcome.Refused(Credentials.remedy(reason, config.auth()));
      default -> new Outcome.Refused(reason);
    };
  }

  /**
   * The status stands for two things: too much at a time, and too much over time, which the
   * specification calls permanent when no delay is given. Small requests cannot be the former.
   */
  private static Outcome exhausted(String reason, Optional<Duration> delay, OtlpRequest request) {
    if (delay.isPresent()) {
      return new Outcome.Retry(reason, delay);
    }
    boolean aboutSize = reason.contains("larger than max") || reason.contains("exceeds maximum");
    return aboutSize || request.body().length > NEVER_TOO_LARGE
        ? new Outcome.TooLarge(reason)
        : new Outcome.Refused(reason);
  }

  private static Optional<Duration> retryDelay(Metadata trailers) {
    byte[] details = trailers == null ? null : trailers.get(STATUS_DETAILS);
    try {
      return details == null ? Optional.empty() : Answers.retryDelay(details);
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty(); // as if nothing was asked: the status itself has been understood
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (channel != null) {
      channel.shutdownNow();
    }
    wire.close();
  }
}
