package io.sonde.pipeline.export.otlp.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server that answers as a test wants. */
final class HttpCollector implements AutoCloseable {
  /**
   * @param headers of the request
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Arrived(String path, Map<String, String> headers, byte[] body) {}

  /**
   * @param status 0 for no answer at all
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(int status, Map<String, String> headers, byte[] body) {
    static Answer of(int status) {
      return new Answer(status, Map.of(), new byte[0]);
    }
  }

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final List<Arrived> arrived = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final Channel server;
  private volatile Answer answer = Answer.of(200);

  static HttpCollector onTcp() {
    return onTcp(null);
  }

  static HttpCollector onTcp(SslContext tls) {
    return new HttpCollector(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls);
  }

  /**
   * @param name begins with a zero where the socket is abstract
   */
  static HttpCollector onUnix(String name) {
    return new HttpCollector(new DomainSocketAddress(name), null);
  }

  private HttpCollector(SocketAddress address, SslContext tls) {
    server =
        new ServerBootstrap()
            .group(group)
            .channel(
                address instanceof DomainSocketAddress
                    ? EpollServerDomainSocketChannel.class
                    : EpollServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.incrementAndGet();
                    if (tls != null) {
                      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                    }
                    channel
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(), new HttpObjectAggregator(1 << 24), handler());
                  }
                })
            .bind(address)
            .syncUninterruptibly()
            .channel();
  }

  private SimpleChannelInboundHandler<FullHttpRequest> handler() {
    return new SimpleChannelInboundHandler<>() {
      @Override
      protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        byte[] body = new byte[request.content().readableBytes()];
        request.content().readBytes(body);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        request.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
        arrived.add(new Arrived(request.uri(), headers, body));
        Answer now = answer;
        if (now.status() != 0) {
          context.writeAndFlush(response(now));
        }
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(); // a client that does not trust us: what it says of it is what is tested
      }
    };
  }

  private static FullHttpResponse response(Answer answer) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(answer.body()));
    answer.headers().forEach(response.headers()::set);
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
    return response;
  }

  HttpCollector answering(Answer from) {
    answer = from;
    return this;
  }

  List<Arrived> arrived() {
    return arrived;
  }

  int connections() {
    return connections.get();
  }

  String endpoint() {
    return "http://127.0.0.1:" + port();
  }

  int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  @Override
  public void close() {
    server.close().syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
