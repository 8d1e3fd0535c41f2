package io.sonde.pipeline.connection;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.accounting.ProcessAccount;
import io.sonde.pipeline.accounting.Tunnel;
import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.Direction;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.ThreadWork;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.Detection;
import io.sonde.pipeline.protocol.Flow;
import io.sonde.pipeline.protocol.Operation;
import io.sonde.pipeline.protocol.Protocol;
import io.sonde.pipeline.protocol.ProtocolDecoder;

/**
 * One connection: orders what its activities tell into bytes, gaps and losses, recognises the
 * protocol by the first bytes of a turn, and from then on hands everything to its decoder.
 */
final class TrackedConnection implements ConnectionContext {
  /** After so many turns that begin with nothing known, the connection is taken for another's. */
  private static final int MAX_UNREADABLE_TURNS = 4;

  private static final Flow[] FLOWS = Flow.values();

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
  private boolean started;
  private int lastSequence;
  private long rxPosition;
  private long txPosition;

  /** Null while the connection is not known to be a server's. */
  private Serving serving;

  /** Set once the protocol is known. */
  private ProtocolDecoder decoder;

  /** Nothing of interest follows: another protocol, or bytes in a tunnel. */
  private boolean opaque;

  /** What the connection is now used for, by agreement of both sides; null mostly. */
  private Tunnel tunnel;

  // Before the protocol is known:
  /** Joined after the start of the conversation, or its first bytes could not be read. */
  private boolean midstream;

  private Prefix prefix;

  /** Of the bytes or gap before; null: the next bytes may begin a turn. */
  private Direction turn;

  private boolean turnUnreadable;
  private boolean unreadableCounted;
  private int unreadableTurns;

  /**
   * @param claim shared with other captures that see the same socket; null: there is none
   */
  TrackedConnection(CaptureScope scope, ConnectionOpened opened, Claim claim) {
    this.scope = scope;
    this.opened = opened;
    this.role = opened.role();
    this.claim = claim;
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
    begun();
    lost(LossCause.OTHER_CAPTURE, 1);
    if (decoder != null) {
      decoder.abandon(LossCause.OTHER_CAPTURE);
      decoder = null;
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

  int open() {
    return decoder == null ? 0 : decoder.open();
  }

  void activity(Activity a) {
    ThreadWork threads = a.kind() == Activity.Kind.TRANSFER ? threads(a) : null;
    if (!opaque) {
      decode(a, threads);
    } else if (tunnel != null) {
      passThrough(a);
    }
    if (a.kind() == Activity.Kind.CLOSED) {
      endServing();
    } else if (serving != null && open() == 0) {
      serving.nothingOpen();
    }
  }

  /** Of whatever the connection speaks, since a thread has but one pair of hands. */
  private ThreadWork threads(Activity a) {
    if (role == Role.SERVER) {
      if (serving == null) {
        serving = new Serving(scope);
      }
      return serving.transferred(a, open() > 0);
    }
    return a.direction() == Direction.TX ? scope.threads.calls(a.pid(), a.tid()) : null;
  }

  private void endServing() {
    if (serving != null) {
      serving.end();
    }
  }

  private void decode(Activity a, ThreadWork threads) {
    countFor(a);
    if (!started) {
      start(a);
    } else if (!inSequence(a)) {
      return;
    }
    tellGaps(a);
    if (a.kind() == Activity.Kind.TRANSFER) {
      transfer(a, threads);
    } else if (a.kind() == Activity.Kind.CLOSED) {
      closed(a);
    }
    if (decoder != null && decoder.finished()) {
      decoder = null;
      opaque = true;
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

  /** Only counted; the offsets tell of what has no record of its own, too. */
  private void passThrough(Activity a) {
    boolean rx = a.direction() == Direction.RX;
    long received = a.rxOffset() + (rx ? a.bytes() : 0) - rxPosition;
    long sent = a.txOffset() + (rx ? 0 : a.bytes()) - txPosition;
    if (received > 0) {
      rxPosition += received;
      scope.totals.tunnelBytes(tunnel, Direction.RX, received);
    }
    if (sent > 0) {
      txPosition += sent;
      scope.totals.tunnelBytes(tunnel, Direction.TX, sent);
    }
  }

  /** Reports what has been waiting for its answer since before {@code nowNs - timeoutNs}. */
  void expire(long nowNs, long timeoutNs) {
    if (decoder != null) {
      decoder.expire(nowNs, timeoutNs);
    }
  }

  /** Gives up what is open. */
  void abandon(LossCause cause) {
    if (decoder != null) {
      decoder.abandon(cause);
      decoder = null;
    }
    endServing();
    opaque = true;
  }

  private void start(Activity a) {
    started = true;
    lastSequence = a.sequence();
    rxPosition = a.rxOffset();
    txPosition = a.txOffset();
    midstream =
        opened.openedNs() == 0 || role == Role.UNKNOWN || rxPosition != 0 || txPosition != 0;
  }

  /**
   * @return false for a record that comes after a later one: it has been counted as missing already
   */
  private boolean inSequence(Activity a) {
    int step = a.sequence() - lastSequence;
    if (step <= 0) {
      return false;
    }
    lastSequence = a.sequence();
    boolean overlaps =
        a.kind() == Activity.Kind.TRANSFER
            && (a.direction() == Direction.RX
                ? a.rxOffset() < rxPosition
                : a.txOffset() < txPosition);
    if (step > 1) {
      recordsLost(LossCause.RECORD_LOST, step - 1);
    }
    if (overlaps) {
      recordsLost(LossCause.MALFORMED_RECORD, 1);
      rxPosition = a.rxOffset();
      txPosition = a.txOffset();
    }
    return true;
  }

  private void recordsLost(LossCause cause, long records) {
    begun(records);
    lost(cause, records);
    prefix = null;
    midstream = true;
    unreadableCounted = true;
    turn = null;
    if (decoder != null) {
      decoder.recordsLost();
    }
  }

  /**
   * Bytes that earlier operations moved without a record, in the order of their times. An offset
   * behind ours is that of a thread that looked before another had counted what it moved.
   */
  private void tellGaps(Activity a) {
    if (a.rxLastNs() <= a.txLastNs()) {
      tellRxGap(a);
      tellTxGap(a);
    } else {
      tellTxGap(a);
      tellRxGap(a);
    }
  }

  private void tellRxGap(Activity a) {
    long jump = a.rxOffset() - rxPosition;
    rxPosition += Math.max(jump, 0);
    gap(Direction.RX, jump, a.rxTail(scope.tail), a.rxLastNs());
  }

  private void tellTxGap(Activity a) {
    long jump = a.txOffset() - txPosition;
    txPosition += Math.max(jump, 0);
    gap(Direction.TX, jump, a.txTail(scope.tail), a.txLastNs());
  }

  private void gap(Direction direction, long length, int tailLength, long lastNs) {
    if (length > 0) {
      gap(direction, length, lastNs);
    }
    if (tailLength > 0 && decoder != null) {
      decoder.tail(Flow.of(role, direction), scope.tail, tailLength, lastNs);
    }
  }

  private void gap(Direction direction, long length, long lastNs) {
    if (opaque) {
      return;
    }
    if (decoder != null) {
      decoder.gap(Flow.of(role, direction), length, lastNs);
      return;
    }
    beginTurn(direction);
    if (!turnUnreadable && !opaque) {
      startNotCaptured(direction);
    }
  }

  /**
   * Says nothing of the protocol. Where the side is known, each turn of the client is a request.
   */
  private void startNotCaptured(Direction direction) {
    prefix = null;
    turnUnreadable = true;
    midstream = true;
    if (role != Role.UNKNOWN && Flow.of(role, direction) == Flow.REQUESTS) {
      unreadableCounted = false;
    }
    countUnreadable(LossCause.HEAD_NOT_CAPTURED);
  }

  private void transfer(Activity a, ThreadWork threads) {
    Direction direction = a.direction();
    if (direction == Direction.RX) {
      rxPosition += a.bytes();
    } else {
      txPosition += a.bytes();
    }
    Operation operation = scope.operation.set(a.timeNs(), a.arrivedNs(), a.pid(), a.tid(), threads);
    if (a.captured() > 0) {
      bytes(direction, a.data(), a.dataOffset(), a.captured(), operation);
    }
    if (a.captured() < a.bytes()) {
      gap(direction, a.bytes() - (long) a.captured(), a.timeNs());
    }
  }

  private void closed(Activity a) {
    if (decoder != null) {
      decoder.closed(a.reset(), a.closedLocally(), a.timeNs());
    } else {
      giveUpPrefix();
    }
  }

  private void bytes(
      Direction direction, byte[] data, int offset, int length, Operation operation) {
    if (opaque) {
      return;
    }
    if (decoder != null) {
      decoder.bytes(Flow.of(role, direction), data, offset, length, operation);
      return;
    }
    beginTurn(direction);
    if (!turnUnreadable && !opaque) {
      detect(direction, data, offset, length, operation);
    }
  }

  private void beginTurn(Direction direction) {
    if (turn != direction) {
      giveUpPrefix();
      turn = direction;
      turnUnreadable = false;
    }
  }

  /** The turn ended before it could be told what it was. */
  private void giveUpPrefix() {
    if (prefix != null) {
      unreadable(LossCause.NOT_HTTP);
    }
  }

  private void detect(
      Direction direction, byte[] data, int offset, int length, Operation operation) {
    if (prefix == null) {
      if (settled(direction, data, offset, length, operation)) {
        return;
      }
      prefix = new Prefix(operation);
    }
    Prefix whole = prefix;
    int kept = whole.add(data, offset, length);
    if (settled(direction, whole.bytes(), 0, whole.length(), whole.operation)) {
      prefix = null;
      if (kept < length && decoder != null) {
        decoder.bytes(Flow.of(role, direction), data, offset + kept, length - kept, operation);
      }
    }
  }

  /**
   * Asks the protocols whether these bytes begin a message of theirs.
   *
   * @return false when more bytes are needed to tell
   */
  private boolean settled(
      Direction direction, byte[] data, int offset, int length, Operation operation) {
    boolean needMore = false;
    for (Protocol protocol : scope.protocols) {
      for (Flow flow : FLOWS) {
        if (role != Role.UNKNOWN && Flow.of(role, direction) != flow) {
          continue;
        }
        Detection detection = protocol.detect(flow, !midstream, data, offset, length);
        if (detection == Detection.YES) {
          decodeAs(protocol, flow, direction);
          decoder.bytes(flow, data, offset, length, operation);
          return true;
        }
        needMore |= detection == Detection.NEED_MORE;
      }
    }
    needMore |= OtherProtocol.needsMore(data, offset, length);
    if (!needMore) {
      LossCause what = OtherProtocol.of(data, offset, length);
      if (direction == Direction.TX
          && role != Role.SERVER
          && (what == LossCause.HTTP2
              || midstream && OtherProtocol.isGrpcRequest(data, offset, length))) {
        scope.services.speaksHttp2(operation.pid(), opened.remote().getPort());
      }
      unreadable(what);
    }
    return !needMore;
  }

  private void decodeAs(Protocol protocol, Flow flow, Direction direction) {
    if (role == Role.UNKNOWN) {
      role = flow.role(direction);
    }
    boolean answerFirst = midstream && flow == Flow.ANSWERS;
    if (answerFirst) {
      countUnreadable(LossCause.STARTED_MIDSTREAM);
    }
    decoder = protocol.decoder(this, answerFirst);
    user.speaks(protocol.name());
  }

  /** This turn does not begin as any protocol does. */
  private void unreadable(LossCause what) {
    prefix = null;
    turnUnreadable = true;
    if (!midstream) {
      countUnreadable(what);
      opaque = true;
      return;
    }
    countUnreadable(LossCause.STARTED_MIDSTREAM);
    if (++unreadableTurns > MAX_UNREADABLE_TURNS) {
      begun();
      lost(what, 1);
      opaque = true;
    }
  }

  /** Once for a whole unreadable stretch: what it hides cannot be known. */
  private void countUnreadable(LossCause cause) {
    if (!unreadableCounted) {
      unreadableCounted = true;
      begun();
      lost(cause, 1);
    }
  }

  @Override
  public ConnectionOpened connection() {
    return opened;
  }

  @Override
  public Role role() {
    return role;
  }

  @Override
  public Service service(int pid) {
    return scope.services.find(pid);
  }

  @Override
  public long realtimeOffsetNs() {
    return scope.realtimeOffsetNs;
  }

  @Override
  public void begun() {
    begun(1);
    if (serving != null) {
      serving.exchangeBegun();
    }
  }

  private void begun(long exchanges) {
    scope.account.in(exchanges);
    if (user != null) {
      user.begun(exchanges);
    }
  }

  @Override
  public void finished(Exchange exchange) {
    scope.account.out(1);
    if (serving != null) {
      serving.exchangeReported();
    }
    user.reported();
    scope.sink.accept(exchange);
  }

  @Override
  public void truncated() {
    scope.totals.truncated();
  }

  @Override
  public void tunnelled(Tunnel kind, Flow flow, long bytes) {
    if (tunnel == null) {
      tunnel = kind;
      scope.totals.tunnelOpened(kind);
    }
    boolean rx = Flow.of(role, Direction.RX) == flow;
    scope.totals.tunnelBytes(kind, rx ? Direction.RX : Direction.TX, bytes);
  }

  @Override
  public void lost(LossCause cause, long exchanges) {
    scope.account.lost(cause, exchanges);
    if (user != null) {
      user.lost(cause, exchanges);
    }
  }
}
