package io.sonde.pipeline.connection;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.accounting.ProcessAccount;
import io.sonde.pipeline.accounting.TlsResult;
import io.sonde.pipeline.event.Activity;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * On which connection each TLS session of a capture is. What is told of a session before that is
 * known is held until it is; what is not known in time, or turns out to be contradictory, is
 * counted, each operation as one that cannot be reported.
 */
final class TlsSessions {
  /** Takes plaintext whose connection is known. */
  interface Delivery {
    /**
     * @param late it was held: others have acted since
     */
    void told(Activity a, boolean late);
  }

  private final CaptureScope scope;
  private final HeldPlaintext.Limits limits;
  private final Delivery delivery;

  /** In the order in which they were first told of. */
  private final Map<Integer, HeldPlaintext> held = new LinkedHashMap<>();

  private final Map<Integer, TrackedConnection> known = new HashMap<>();
  private long heldBytes;

  TlsSessions(CaptureScope scope, HeldPlaintext.Limits limits, Delivery delivery) {
    this.scope = scope;
    this.limits = limits;
    this.delivery = delivery;
  }

  void plaintext(Activity a) {
    switch (a.match()) {
      case NONE -> hold(a);
      case CONFLICT -> conflict(a);
      case IO, THREAD -> {
        if (!held.isEmpty()) {
          release(a);
        }
        delivery.told(a, false);
      }
    }
  }

  private void hold(Activity a) {
    HeldPlaintext session = held.computeIfAbsent(a.session(), id -> new HeldPlaintext(a.timeNs()));
    heldBytes += session.add(a, scope.tail);
    scope.threads.actsUnseen(a.tid());
    if (session.activities().size() > limits.records()) {
      giveUp(a.session());
    }
    while (held.size() > limits.sessions() || heldBytes > limits.bytes()) {
      giveUp(held.keySet().iterator().next());
    }
  }

  private void release(Activity a) {
    HeldPlaintext session = held.remove(a.session());
    if (session != null) {
      heldBytes -= session.bytes();
      for (HeldActivity activity : session.activities()) {
        delivery.told(activity.on(a.connection(), a.match()), true);
      }
    }
  }

  private void conflict(Activity a) {
    boolean counted = giveUp(a.session());
    TrackedConnection connection = known.remove(a.session());
    if (connection != null) {
      connection.mistrustPlaintext();
      if (!counted) {
        count(a);
      }
    }
    lose(a);
  }

  /** What has been held too long is given up. */
  void expire(long nowNs) {
    while (!held.isEmpty()) {
      Map.Entry<Integer, HeldPlaintext> eldest = held.entrySet().iterator().next();
      if (nowNs - eldest.getValue().sinceNs() < limits.ageNs()) {
        return;
      }
      giveUp(eldest.getKey());
    }
  }

  /** Nothing will be told any more. */
  void close() {
    while (!held.isEmpty()) {
      giveUp(held.keySet().iterator().next());
    }
  }

  /**
   * @return whether there was anything, so that the session has been counted
   */
  private boolean giveUp(int id) {
    HeldPlaintext session = held.remove(id);
    if (session == null) {
      return false;
    }
    heldBytes -= session.bytes();
    boolean counted = false;
    for (HeldActivity activity : session.activities()) {
      if (!counted && activity.kind() == Activity.Kind.TRANSFER) {
        counted = true;
        count(activity);
      }
      lose(activity);
    }
    return counted;
  }

  private void count(Activity a) {
    scope.totals.tls(TlsResult.UNMATCHED);
    scope.services.account(a.pid()).tlsUnmatched();
  }

  private void lose(Activity a) {
    if (a.kind() == Activity.Kind.TRANSFER) {
      scope.account.in(1);
      scope.account.lost(LossCause.TLS_UNMATCHED, 1);
      ProcessAccount user = scope.services.account(a.pid());
      user.begun(1);
      user.lost(LossCause.TLS_UNMATCHED, 1);
    }
  }

  /** The connection's plaintext is that of its present session from now on. */
  void known(TrackedConnection connection) {
    known.put(connection.session(), connection);
  }

  /** The connection is tracked no longer, or has another session now. */
  void forget(int session, TrackedConnection connection) {
    if (session != 0) {
      known.remove(session, connection);
    }
  }
}
