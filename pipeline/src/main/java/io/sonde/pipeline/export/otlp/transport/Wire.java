package io.sonde.pipeline.export.otlp.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sonde.pipeline.OtlpAddress.Target;
import io.sonde.pipeline.OtlpAddress.Tcp;
import io.sonde.pipeline.OtlpAddress.UnixAbstract;
import io.sonde.pipeline.OtlpAddress.UnixFile;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sockets by epoll, which alone has abstract ones, and the thread that serves them. */
final class Wire implements AutoCloseable {
  /** Held: netty warns at every connection that a Unix socket has no SO_KEEPALIVE. */
  private static final Logger BOOTSTRAP_LOG = Logger.getLogger("io.netty.bootstrap");

  static {
    BOOTSTRAP_LOG.setLevel(Level.SEVERE);
  }

  private static final long MAX_CONNECT_MS = 5000;

  private final Target target;
  private final EventLoopGroup eventLoop;

  Wire(Target target, Signal signal) {
    this.target = target;
    this.eventLoop =
        new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory("otlp-" + signal.name().toLowerCase(Locale.ROOT), true),
            EpollIoHandler.newFactory());
  }

  EventLoopGroup eventLoop() {
    return eventLoop;
  }

  Class<? extends Channel> channelType() {
    return target instanceof Tcp ? EpollSocketChannel.class : EpollDomainSocketChannel.class;
  }

  /** A TCP address is not resolved yet: a name may stand for another address next time. */
  SocketAddress address() {
    if (target instanceof UnixFile file) {
      return new DomainSocketAddress(file.path());
    }
    if (target instanceof UnixAbstract named) {
      return new DomainSocketAddress('\0' + named.name());
    }
    Tcp tcp = (Tcp) target;
    return InetSocketAddress.createUnresolved(tcp.host().replaceAll("[\\[\\]]", ""), tcp.port());
  }

  /** Less than the timeout of the whole, so that it is known what took too long. */
  static int connectMillis(Duration timeout) {
    return (int) Math.max(1, Math.min(timeout.toMillis() * 3 / 4, MAX_CONNECT_MS));
  }

  @Override
  public void close() {
    eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
