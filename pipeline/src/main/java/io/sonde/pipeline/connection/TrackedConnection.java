package io.sonde.pipeline.connection;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.accounting.ProcessAccount;
import io.sonde.pipeline.accounting.TlsResult;
import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.Direction;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.ThreadWork;
import io.sonde.pipeline.protocol.Operation;
import io.sonde.pipeline.protocol.Protocol;

/**
 * One connection: who tells it, who uses it and who serves its requests. What is said on it is in
 * the bytes of its socket, until plaintext of a TLS session on it is told: then in that alone.
 */
final class TrackedConnection {
  // Links of ConnectionTable, which alone touches them.
  TrackedConnection nextInBucket;
  TrackedConnection previousUsed;
  TrackedConnection nextUsed;

  private final CaptureScope scope;
  private final ConnectionOpened opened;
  private Role role;

  /** Null while no other capture has told of the same socket. */
  private Claim claim;

  private boolean toldByAnother;

  /** Of the process that used it last; null before anybody has. */
  private ProcessAccount user;

  private int userPid;

  /** Null while the connection is not known to be a server's. */
  private Serving serving;

  /** Instead of that, once its requests are streams. */
  private ServedStreams streams;

  private final Conversation wire;

  /** Of the latest TLS session; null before there is one. */
  private Conversation plaintext;

  private int session;

  /** Whether TLS was seen on it, read or not. */
  private boolean encrypted;

  /** Several exchanges at a time: whose bytes a thread moves says nothing of whom it serves. */
  private boolean multiplexed;

  private boolean readable;
  private boolean throughProxy;

  /**
   * @param claim shared with other captures that see the same socket; null: there is none
   */
  TrackedConnection(CaptureScope scope, ConnectionOpened opened, Claim claim) {
    this.scope = scope;
    this.opened = opened;
    this.role = opened.role();
    this.claim = claim;
    this.wire = new Conversation(scope, this, false);
  }

  /** To be shared with another capture, from now on. */
  Claim claim() {
    if (claim == null) {
      claim = Claim.of(scope);
    }
    return claim;
  }

  /** Whether the activity is for this capture to tell. */
  boolean tells(Activity a) {
    return claim == null || claim.grants(scope, a.timeNs());
  }

  /**
   * Another capture tells it: counted once, and what this one has begun is given up.
   *
   * @return whether it was the first time
   */
  boolean ignore() {
    if (toldByAnother) {
      return false;
    }
    toldByAnother = true;
    begun(1);
    lost(LossCause.OTHER_CAPTURE, 1);
    wire.drop(LossCause.OTHER_CAPTURE);
    if (plaintext != null) {
      plaintext.drop(LossCause.OTHER_CAPTURE);
    }
    endServing();
    return true;
  }

  /** The same, as if nothing had been seen of it yet. */
  TrackedConnection anew() {
    return new TrackedConnection(scope, opened, claim);
  }

  boolean isIgnored() {
    return toldByAnother;
  }

  /** This capture tells nothing of it any more; what happened until {@code untilNs} it has told. */
  void release(long untilNs) {
    if (claim != null) {
      claim.release(scope, untilNs);
    }
  }

  long cookie() {
    return opened.connection();
  }

  ConnectionOpened opened() {
    return opened;
  }

  Role role() {
    return role;
  }

  /** By what is said on it; ignored where it is known already. */
  void settleRole(Role itsRole) {
    if (role == Role.UNKNOWN) {
      role = itsRole;
    }
  }

  int open() {
    return wire.open() + (plaintext == null ? 0 : plaintext.open());
  }

  /** Of the TLS session whose plaintext was told last; 0 when there is none. */
  int session() {
    return session;
  }

  /** As {@link io.sonde.pipeline.event.CaptureSink#missingBefore}. */
  int missingBefore(Activity a) {
    if (a.session() != 0) {
      return a.session() == session ? plaintext.missingBefore(a) : 0;
    }
    return plaintext == null ? wire.missingBefore(a) : 0;
  }

  /**
   * @param late it was held back: what its thread has done since has been told already
   */
  void activity(Activity a, boolean late) {
    if (a.session() != 0) {
      countFor(a);
      plaintext(a, late);
    } else if (plaintext == null) {
      countFor(a);
      boolean joined = opened.openedNs() == 0 || role == Role.UNKNOWN;
      wire.activity(a, joined, threads(a));
    }
    if (a.kind() == Activity.Kind.CLOSED) {
      (plaintext == null ? wire : plaintext).closed(a);
      endServing();
    } else if (serving != null && open() == 0) {
      serving.nothingOpen();
    }
  }

  private void plaintext(Activity a, boolean late) {
    boolean joined = false;
    if (a.session() != session) {
      joined = joined(a);
      begin(a);
    }
    plaintext.activity(a, joined, late ? null : threads(a));
  }

  /** A TLS session on this connection is told of for the first time. */
  private void begin(Activity first) {
    if (plaintext == null) {
      encrypted();
      // Whoever moved the bytes of the handshake has not served anything by that.
      endServing();
      serving = null;
      streams = null;
      throughProxy = role == Role.CLIENT && wire.leadsThroughProxy();
      wire.drop(LossCause.TLS);
    } else {
      plaintext.drop(LossCause.RECORD_LOST);
      endServing();
      streams = null;
    }
    session = first.session();
    plaintext = new Conversation(scope, this, true);
    if (!scope.services.readsTls(first.pid())) {
      plaintext.unreadable(LossCause.TLS);
      plaintext.drop(LossCause.TLS);
      tlsUnread();
    } else if (!readable) {
      readable = true;
      scope.totals.tls(TlsResult.READABLE);
      user.tlsRead();
    }
  }

  /**
   * Whether something may have been said in the session before its first record. What is told first
   * of one that is read from its beginning is a summary of nothing, and of its socket nothing or a
   * handshake.
   */
  private boolean joined(Activity first) {
    return opened.openedNs() == 0
        || role == Role.UNKNOWN
        || plaintext != null
        || first.kind() != Activity.Kind.SUMMARY
        || !wire.isHandshakeAtMost();
  }

  /** The peer is a proxy, and TLS is spoken with a server behind it. */
  boolean throughProxy() {
    return throughProxy;
  }

  /** It turned out that its plaintext may not be its own. */
  void mistrustPlaintext() {
    plaintext.drop(LossCause.TLS_UNMATCHED);
    session = 0;
    endServing();
    streams = null;
  }

  void tlsSeen() {
    encrypted();
  }

  private void encrypted() {
    if (!encrypted) {
      encrypted = true;
      user.tlsSeen();
    }
  }

  void tlsUnread() {
    scope.totals.tls(
        scope.services.isJava(userPid) ? TlsResult.UNREADABLE_IN_JVM : TlsResult.UNREADABLE);
  }

  /**
   * Of whatever the connection speaks, since a thread has but one pair of hands.
   *
   * @return null when nothing is known
   */
  private ThreadWork threads(Activity a) {
    if (a.kind() != Activity.Kind.TRANSFER) {
      return null;
    }
    if (multiplexed) {
      scope.threads.actsUnseen(a.tid());
      return null;
    }
    if (role == Role.SERVER) {
      if (serving == null) {
        serving = new Serving(scope);
      }
      return serving.transferred(a, open() > 0);
    }
    if (a.direction() == Direction.RX) {
      return null;
    }
    return a.goroutine() == 0 ? scope.threads.calls(a.pid(), a.tid()) : scope.goroutines.calls(a);
  }

  /** Of one of several requests; a thread that moves its frames may do that for anybody. */
  ThreadWork evidence(Operation operation, int stream) {
    if (role == Role.CLIENT) {
      return operation.goroutine() == 0 ? null : scope.goroutines.calls(operation, stream);
    }
    if (streams == null) {
      endServing();
      serving = null;
      streams = new ServedStreams(scope);
    }
    return operation.goroutine() == 0 ? null : streams.begins(operation, stream);
  }

  private void endServing() {
    if (serving != null) {
      serving.end();
    }
    if (streams != null) {
      streams.end();
    }
  }

  /** From here on what happens is that process's. */
  private void countFor(Activity a) {
    if (user == null) {
      userPid = a.pid();
      user = scope.services.account(userPid);
      user.connection();
    } else if (a.pid() != userPid && a.kind() == Activity.Kind.TRANSFER) {
      userPid = a.pid();
      user = scope.services.account(userPid);
    }
  }

  /** Reports what has been waiting for its answer since before {@code nowNs - timeoutNs}. */
  void expire(long nowNs, long timeoutNs) {
    wire.expire(nowNs, timeoutNs);
    if (plaintext != null) {
      plaintext.expire(nowNs, timeoutNs);
    }
  }

  /** Gives up what is open. */
  void abandon(LossCause cause) {
    wire.abandon(cause);
    if (plaintext != null) {
      plaintext.abandon(cause);
    }
    endServing();
  }

  void speaks(Protocol protocol) {
    user.speaks(protocol.name());
    if (protocol.multiplexes()) {
      multiplexed = true;
    }
  }

  void exchangeBegun() {
    begun(1);
    if (serving != null) {
      serving.exchangeBegun();
    }
  }

  void begun(long exchanges) {
    scope.account.in(exchanges);
    if (user != null) {
      user.begun(exchanges);
    }
  }

  void finished(Exchange exchange) {
    scope.account.out(1);
    user.reported();
    scope.sink.accept(exchange);
  }

  void lost(LossCause cause, long exchanges) {
    scope.account.lost(cause, exchanges);
    if (user != null) {
      user.lost(cause, exchanges);
    }
  }
}
