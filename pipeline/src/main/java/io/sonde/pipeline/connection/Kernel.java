package io.sonde.pipeline.connection;

import java.util.ArrayList;
import java.util.List;

/**
 * What the captures that watch one kernel have in common: a socket cookie means the same socket to
 * all of them, so no connection need be told twice.
 */
final class Kernel {
  private final Kernels kernels;
  private final List<ConnectionTable> captures = new ArrayList<>();
  private final ClosedConnections closed = new ClosedConnections();

  Kernel(Kernels kernels) {
    this.kernels = kernels;
  }

  Kernel join(ConnectionTable capture) {
    captures.add(capture);
    return this;
  }

  void leave(ConnectionTable capture) {
    captures.remove(capture);
    if (captures.isEmpty()) {
      kernels.forget(this);
    }
  }

  /**
   * What captures have told of a socket that one of them sees for the first time; null: nothing.
   */
  Claim claimOf(long cookie) {
    for (ConnectionTable capture : captures) {
      TrackedConnection known = capture.find(cookie);
      if (known != null) {
        return known.claim();
      }
    }
    long closedNs = closed.timeOf(cookie);
    return closedNs == ClosedConnections.UNKNOWN ? null : Claim.told(closedNs);
  }

  /** Whether the end of a connection has been told, as far as that is remembered. */
  boolean isClosed(long cookie) {
    return closed.timeOf(cookie) != ClosedConnections.UNKNOWN;
  }

  /** The end of a connection has been told: one that comes later tells of it in vain. */
  void closed(long cookie, long timeNs) {
    closed.add(cookie, timeNs);
  }
}
