package io.sonde.pipeline.export.otlp.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.sonde.pipeline.OtlpAddress.Tcp;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import io.sonde.pipeline.export.otlp.request.Signal;
import io.sonde.pipeline.identity.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;

/** OTLP/HTTP with binary protobuf: a POST per request, over one connection that is kept. */
final class HttpTransport implements Transport {
  /**
   * Servers and what is before them close connections that are idle for a minute or more; a request
   * that meets the close half way would have to be sent again.
   */
  private static final long MAX_IDLE_NS = Duration.ofSeconds(30).toNanos();

  private final OtlpConfig config;
  private final TlsFiles tls;
  private final Authorization authorization;
  private final Wire wire;
  private final Bootstrap bootstrap;
  private volatile SslContext connectionTls; // for the event loop, of the connection to be made
  private Channel connection;
  private long usedAt;
  private boolean closed;

  /**
   * @param tls null where the endpoint does not speak it
   */
  HttpTransport(OtlpConfig config, Signal signal, TlsFiles tls) {
    this.config = config;
    this.tls = tls;
    this.authorization = Authorization.of(config.auth());
    this.wire = new Wire(config.endpoint().target(), signal);
    this.bootstrap =
        new Bootstrap()
            .group(wire.eventLoop())
            .channel(wire.channelType())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Wire.connectMillis(config.timeout()))
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    handle(channel);
                  }
                });
  }

  private void handle(Channel channel) {
    if (tls != null) {
      Tcp tcp = (Tcp) config.endpoint().target();
      String name = config.tls().serverName().orElse(tcp.host());
      channel.pipeline().addLast(connectionTls.newHandler(channel.alloc(), name, tcp.port()));
    }
    channel.pipeline().addLast(new HttpClientCodec(), new AnswerHandler());
  }

  @Override
  public Outcome send(OtlpRequest request) throws InterruptedException {
    long deadline = System.nanoTime() + config.timeout().toNanos();
    try {
      FullHttpRequest post = post(request);
      Channel channel = connected(deadline);
      AnswerHandler answers = channel.pipeline().get(AnswerHandler.class);
      if (answers == null) { // gone when the connection is
        disconnect();
        return retry(config.endpoint() + " closed the connection before a request");
      }
      CompletableFuture<HttpAnswer> answer = answers.expectAnswer();
      channel.writeAndFlush(post).addListener(sent -> failUnless(sent, answer));
      return answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS).outcome(config);
    } catch (TimeoutException e) {
      disconnect();
      return retry(
          config.endpoint() + " does not answer within " + config.timeout().toMillis() + " ms");
    } catch (ExecutionException e) {
      disconnect();
      return retry(ConnectFailure.describe(config.endpoint(), e.getCause()));
    } catch (IOException e) {
      return retry(e.getMessage());
    } finally {
      usedAt = System.nanoTime();
    }
  }

  private static Outcome retry(String reason) {
    return new Outcome.Retry(reason, Optional.empty());
  }

  private static void failUnless(Future<? super Void> sent, CompletableFuture<?> answer) {
    if (!sent.isSuccess()) {
      answer.completeExceptionally(sent.cause());
    }
  }

  private Channel connected(long deadline)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    ChannelFuture connecting;
    synchronized (this) {
      if (closed) {
        throw new IOException("Sonde is ending");
      }
      SslContext currentTls = tls == null ? null : tls.context();
      if (connection != null) {
        if (connection.isActive()
            && System.nanoTime() - usedAt < MAX_IDLE_NS
            && currentTls == connectionTls) {
          return connection;
        }
        connection.close();
      }
      connectionTls = currentTls;
      connecting = bootstrap.connect(wire.address());
      connection = connecting.channel();
    }
    connecting.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    if (tls != null) {
      SslHandler handler = connecting.channel().pipeline().get(SslHandler.class);
      if (handler != null) { // gone when the connection is: then the request cannot be written
        handler.handshakeFuture().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    }
    return connecting.channel();
  }

  private FullHttpRequest post(OtlpRequest request) throws IOException {
    byte[] body = config.gzip() ? gzip(request.body()) : request.body();
    FullHttpRequest post =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.POST,
            config.endpoint().path(),
            Unpooled.wrappedBuffer(body));
    config.headers().forEach(post.headers()::set);
    authorization
        .value()
        .ifPresent(value -> post.headers().set(HttpHeaderNames.AUTHORIZATION, value));
    post.headers()
        .set(HttpHeaderNames.HOST, host())
        .set(HttpHeaderNames.USER_AGENT, "Sonde/" + Scope.INFO.getVersion())
        .set(HttpHeaderNames.CONTENT_TYPE, HttpAnswer.PROTOBUF)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    if (config.gzip()) {
      post.headers().set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
    }
    return post;
  }

  private String host() {
    return config.endpoint().target() instanceof Tcp tcp ? tcp.toString() : "localhost";
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body);
    }
    return bytes.toByteArray();
  }

  private synchronized void disconnect() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    disconnect();
    wire.close();
  }
}
