package io.sonde.probes.capture;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Looks who listens on the socket before a byte is sent: what capture tells is worth stealing, and
 * in a directory that others may write to anybody could put a socket of his own where the
 * receiver's is looked for. The kernel says whose the listener is (SO_PEERCRED); it must be root's
 * or of the user who owns the directory.
 */
final class ReceiverCheck extends ChannelInboundHandlerAdapter {
  private static final int ROOT = 0;

  /** Who listens is not whom we are to talk to. */
  static final class ImpostorException extends IOException {
    private static final long serialVersionUID = 1L;

    ImpostorException(String message) {
      super(message);
    }
  }

  private final Path socket;

  ReceiverCheck(Path socket) {
    this.socket = socket;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws IOException {
    int receiver = ((EpollDomainSocketChannel) context.channel()).peerCredentials().uid();
    int owner = (Integer) Files.getAttribute(socket.toAbsolutePath().getParent(), "unix:uid");
    if (receiver == ROOT || receiver == owner) {
      context.fireChannelActive();
      return;
    }
    context.fireExceptionCaught(
        new ImpostorException(
            "uid "
                + receiver
                + " listens on "
                + socket
                + ", but the directory belongs to uid "
                + owner
                + ": nothing is told to one who may be an impostor; let the receiver's user own the"
                + " directory of the socket, as when the receiver makes it"));
    context.close();
  }
}
