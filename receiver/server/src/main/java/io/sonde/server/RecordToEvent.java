package io.sonde.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sonde.contract.MalformedRecordException;
import io.sonde.contract.RecordLayout.Header;
import io.sonde.contract.RecordLayout.Kind;
import io.sonde.contract.RecordReader;
import io.sonde.contract.v1.Block;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.GoroutineAct;
import io.sonde.pipeline.event.Role;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Hands the records of a block to the pipeline, in place. Every record is counted once. */
final class RecordToEvent {
  private static final Logger LOG = Logger.getLogger(RecordToEvent.class.getName());
  private static final Role[] ROLES = {Role.UNKNOWN, Role.SERVER, Role.CLIENT};
  private static final GoroutineAct.Kind[] ACTS = {
    null, GoroutineAct.Kind.CALLS, GoroutineAct.Kind.SERVES, GoroutineAct.Kind.ROUTES
  };

  private final CaptureSink sink;
  private final Account account;
  private final RecordReader reader = new RecordReader();
  private final RecordActivity activity = new RecordActivity(reader);
  private final byte[] address = new byte[16];
  private byte[] buffer = {};
  private boolean failureLogged;

  RecordToEvent(CaptureSink sink, Account account) {
    this.sink = sink;
    this.account = account;
  }

  void take(Block block) {
    int length = block.getRecords().size();
    if (buffer.length < length) {
      buffer = new byte[length];
    }
    block.getRecords().copyTo(buffer, 0);
    reader.wrap(buffer, 0, length);

    int delivered = 0;
    int malformed = 0;
    int failed = 0;
    for (boolean more = true; more; ) {
      try {
        more = reader.next();
        if (more) {
          deliver();
          delivered++;
        }
      } catch (MalformedRecordException e) {
        malformed++;
        LOG.log(severity(Level.WARNING), "Malformed {0}", e.getMessage());
      } catch (RuntimeException e) {
        failed++;
        LOG.log(severity(Level.SEVERE), "A record could not be handled", e);
      }
    }
    // What a bad length made unreadable is known only by the count, not to be believed beyond what
    // fits.
    int announced = Math.min(Math.max(block.getCount(), 0), length / Header.SIZE);
    malformed += Math.max(announced - delivered - malformed - failed, 0);

    account.in(delivered + malformed + failed);
    account.out(delivered);
    if (malformed > 0) {
      account.lost(LossCause.MALFORMED_RECORD, malformed);
      sink.lost(LossCause.MALFORMED_RECORD.label(), malformed);
    }
    if (failed > 0) {
      account.lost(LossCause.INTERNAL_ERROR, failed);
      sink.lost(LossCause.INTERNAL_ERROR.label(), failed);
    }
  }

  /** Bad input may come a million times: the first one is told, the others are counted. */
  private Level severity(Level first) {
    Level level = failureLogged ? Level.FINE : first;
    failureLogged = true;
    return level;
  }

  private void deliver() {
    if (reader.kind() == Kind.CONNECTION) {
      sink.connectionOpened(connection());
    } else if (reader.kind() == Kind.GOROUTINE) {
      sink.goroutine(goroutine());
    } else {
      sink.activity(activity);
    }
  }

  private GoroutineAct goroutine() {
    List<GoroutineAct.Ancestor> lineage = new ArrayList<>(reader.ancestors());
    for (int i = 0; i < reader.ancestors(); i++) {
      lineage.add(new GoroutineAct.Ancestor(reader.ancestor(i), reader.ancestorCreatedNs(i)));
    }
    return new GoroutineAct(
        ACTS[reader.act()],
        reader.timeNs(),
        reader.tgid(),
        reader.tid(),
        reader.actor(),
        reader.actorParent(),
        reader.stream(),
        lineage,
        new String(reader.route(), UTF_8));
  }

  private ConnectionOpened connection() {
    reader.localAddress(address);
    InetSocketAddress local = socketAddress(reader.localPort());
    reader.remoteAddress(address);
    InetSocketAddress remote = socketAddress(reader.remotePort());
    return new ConnectionOpened(
        reader.connection(),
        reader.openedNs(),
        reader.netns(),
        local,
        remote,
        ROLES[reader.role()],
        reader.mptcp());
  }

  /** IPv4-mapped addresses become IPv4 ones. No name is looked up. */
  private InetSocketAddress socketAddress(int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of 16 bytes is always legal", e);
    }
  }
}
