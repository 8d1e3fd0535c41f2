package io.sonde.server;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sits on the listening channel and looks at every accepted connection before gRPC does: the kernel
 * says who is at the other end (SO_PEERCRED), and who is not admitted is cut off without an answer.
 */
@Sharable
final class PeerCheck extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = Logger.getLogger(PeerCheck.class.getName());
  private static final int ROOT = 0;
  private static final int MAX_TOLD = 16;

  private final Set<Integer> admitted;
  private final Account account;

  /** On the event loop only, which is one thread. */
  private final Set<Integer> told = new HashSet<>();

  PeerCheck(Set<Integer> allowedUids, Account account) throws IOException {
    this.admitted = new TreeSet<>(allowedUids);
    admitted.add(ROOT);
    admitted.add((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    this.account = account;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    EpollDomainSocketChannel child = (EpollDomainSocketChannel) message;
    account.in(1);
    if (isAdmitted(child)) {
      account.out(1);
      context.fireChannelRead(message);
    } else {
      account.lost(LossCause.PEER_REFUSED, 1);
      child.unsafe().closeForcibly();
    }
  }

  private boolean isAdmitted(EpollDomainSocketChannel child) {
    try {
      PeerCredentials peer = child.peerCredentials();
      if (admitted.contains(peer.uid())) {
        return true;
      }
      // Told once for a user: a refused peer may try as often as it likes, the account counts it.
      LOG.log(
          told.size() < MAX_TOLD && told.add(peer.uid()) ? Level.WARNING : Level.FINE,
          "refused a connection by uid {0} (pid {1}): admitted are {2}; if it is a capture of yours,"
              + " add its user to receiver.allowed_uids",
          new Object[] {
            Integer.toString(peer.uid()), Integer.toString(peer.pid()), admitted.toString()
          });
    } catch (IOException e) {
      LOG.log(Level.FINE, "Refused a connection whose peer the kernel would not name", e);
    }
    return false;
  }
}
