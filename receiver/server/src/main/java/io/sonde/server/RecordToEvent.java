package io.sonde.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sonde.contract.RecordLayout.Kind;
import io.sonde.contract.RecordReader;
import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.GoroutineAct;
import io.sonde.pipeline.event.Role;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Tells the pipeline of a record, in its words. */
final class RecordToEvent {
  private static final Role[] ROLES = {Role.UNKNOWN, Role.SERVER, Role.CLIENT};
  private static final GoroutineAct.Kind[] ACTS = {
    null, GoroutineAct.Kind.CALLS, GoroutineAct.Kind.SERVES, GoroutineAct.Kind.ROUTES
  };

  private final CaptureSink sink;
  private final byte[] address = new byte[16];

  RecordToEvent(CaptureSink sink) {
    this.sink = sink;
  }

  /**
   * @param activity of the same record, unless that is none
   */
  void deliver(RecordReader reader, Activity activity) {
    switch (reader.kind()) {
      case Kind.CONNECTION -> sink.connectionOpened(connection(reader));
      case Kind.GOROUTINE -> sink.goroutine(goroutine(reader));
      default -> sink.activity(activity);
    }
  }

  private static GoroutineAct goroutine(RecordReader reader) {
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

  private ConnectionOpened connection(RecordReader reader) {
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
