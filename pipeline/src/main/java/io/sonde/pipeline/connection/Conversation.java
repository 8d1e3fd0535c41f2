package io.sonde.pipeline.connection;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.accounting.Tunnel;
import io.sonde.pipeline.accounting.UnknownField;
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
 * What the two sides of a connection tell each other: the bytes of the socket, or the plaintext of
 * a TLS session on it. Orders what activities tell into bytes, gaps and losses, and hands all of it
 * to the decoder once the protocol is recognised.
 */
final class Conversation implements ConnectionContext {
  /**
   * Turns that a handshake of TLS takes at least (RFC 8446 §2, RFC 5246 §7.3): as long as there
   * were no more, no answer has been begun.
   */
  private static final int HANDSHAKE_TURNS = 3;

  private static final int HTTPS_PORT = 443;

  private final CaptureScope scope;
  private final TrackedConnection connection;
  private final boolean secure;
  private final StreamPositions positions = new StreamPositions();
  private final OperationPieces pieces = new OperationPieces();

  /** Null before the first activity, and when the protocol is known. */
  private Recognition recognition;

  /** Set once the protocol is known. */
  private ProtocolDecoder decoder;

  /** Whose client may not have said anything before what comes next of it; null mostly. */
  private Protocol owedStart;

  /** Nothing of interest follows: another protocol, or bytes in a tunnel. */
  private boolean opaque;

  /** What the connection is now used for, by agreement of both sides; null mostly. */
  private Tunnel tunnel;

  /** Until there are more than those of a handshake. */
  private int turns;

  /** Of the latest turn; null before the first. */
  private Direction turn;

  private boolean fromStart;

  /**
   * @param secure the activities tell of plaintext
   */
  Conversation(CaptureScope scope, TrackedConnection connection, boolean secure) {
    this.scope = scope;
    this.connection = connection;
    this.secure = secure;
  }

  int open() {
    return decoder == null ? 0 : decoder.open();
  }

  boolean isOpaque() {
    return opaque;
  }

  /** As {@link io.sonde.pipeline.event.CaptureSink#missingBefore}. */
  int missingBefore(Activity a) {
    return opaque || !positions.started() ? 0 : positions.missingBefore(a);
  }

  /**
   * The next of its activities.
   *
   * @param joined true when what came before the first one is not known to be nothing
   * @param threads null when nothing is known
   */
  void activity(Activity a, boolean joined, ThreadWork threads) {
    countTurn(a);
    if (opaque) {
      if (tunnel != null) {
        passThrough(a);
      }
      return;
    }
    if (!positions.started()) {
      positions.start(a);
      fromStart = !joined && positions.atStart();
      recognition = new Recognition(scope, this, !fromStart);
    } else if (!inSequence(a)) {
      return;
    }
    tellGaps(a);
    if (a.kind() == Activity.Kind.TRANSFER) {
      transfer(a, threads);
    }
    dropFinishedDecoder();
  }

  private void countTurn(Activity a) {
    if (a.kind() == Activity.Kind.TRANSFER && a.direction() != turn && turns <= HANDSHAKE_TURNS) {
      turn = a.direction();
      turns++;
    }
  }

  /** Nothing was told of it, or so little that it can only have been a handshake of TLS. */
  boolean isHandshakeAtMost() {
    return !positions.started() || fromStart && turns <= HANDSHAKE_TURNS;
  }

  /** It has become a tunnel to another server. */
  boolean leadsThroughProxy() {
    return tunnel == Tunnel.CONNECT;
  }

  private void dropFinishedDecoder() {
    if (decoder != null && decoder.finished()) {
      decoder = null;
      opaque = true;
    }
  }

  /** The connection is gone; what its last activity told has been told. */
  void closed(Activity a) {
    settleStart();
    if (decoder != null) {
      decoder.closed(a.reset(), a.closedLocally(), a.timeNs());
      dropFinishedDecoder();
    } else if (recognition != null) {
      recognition.closed();
    }
  }

  /** Reports what has been waiting for its answer since before {@code nowNs - timeoutNs}. */
  void expire(long nowNs, long timeoutNs) {
    if (decoder != null) {
      decoder.expire(nowNs, timeoutNs);
    }
  }

  /** Gives up what is open, and counts what is owed. */
  void abandon(LossCause cause) {
    if (decoder == null && recognition != null) {
      recognition.settle();
    }
    settleStart();
    drop(cause);
  }

  /** Gives up what is open; what it could not read is told elsewhere. */
  void drop(LossCause cause) {
    if (decoder != null) {
      decoder.abandon(cause);
      decoder = null;
    }
    recognition = null;
    tunnel = null;
    opaque = true;
  }

  /** Only counted; the offsets tell of what has no record of its own, too. */
  private void passThrough(Activity a) {
    boolean rx = a.direction() == Direction.RX;
    long received = positions.advanceRx(a.rxOffset() + (rx ? a.bytes() : 0));
    long sent = positions.advanceTx(a.txOffset() + (rx ? 0 : a.bytes()));
    if (received > 0) {
      scope.totals.tunnelBytes(tunnel, Direction.RX, received);
    }
    if (sent > 0) {
      scope.totals.tunnelBytes(tunnel, Direction.TX, sent);
    }
  }

  /**
   * @return false for a record that comes after a later one: it has been counted as missing already
   */
  private boolean inSequence(Activity a) {
    int missing = positions.missingBefore(a);
    if (missing < 0) {
      return false;
    }
    positions.passed(a);
    boolean overlaps = positions.overlap(a);
    if (missing > 0) {
      recordsLost(LossCause.RECORD_LOST, missing);
    }
    if (overlaps) {
      recordsLost(LossCause.MALFORMED_RECORD, 1);
      positions.jumpTo(a);
    }
    return true;
  }

  private void recordsLost(LossCause cause, long records) {
    connection.begun(records);
    lost(cause, records);
    if (decoder != null) {
      decoder.recordsLost();
    } else {
      recognition.recordsLost();
    }
  }

  /** Bytes that earlier operations moved without a record, in the order of their times. */
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
    gap(Direction.RX, positions.advanceRx(a.rxOffset()), a.rxTail(scope.tail), a.rxLastNs());
  }

  private void tellTxGap(Activity a) {
    gap(Direction.TX, positions.advanceTx(a.txOffset()), a.txTail(scope.tail), a.txLastNs());
  }

  private void gap(Direction direction, long length, int tailLength, long lastNs) {
    if (length > 0) {
      gap(direction, length, lastNs);
    }
    if (tailLength > 0 && decoder != null) {
      decoder.tail(Flow.of(role(), direction), scope.tail, tailLength, lastNs);
    }
  }

  private void gap(Direction direction, long length, long lastNs) {
    if (decoder != null) {
      Flow flow = Flow.of(role(), direction);
      if (flow == Flow.REQUESTS) {
        settleStart();
      }
      decoder.gap(flow, length, lastNs);
    } else if (!opaque) {
      recognition.gap(direction);
    }
  }

  private void transfer(Activity a, ThreadWork threads) {
    Direction direction = a.direction();
    positions.moved(direction, a.bytes());
    Operation operation = scope.operation.set(a, threads);
    pieces.of(direction, operation);
    a.pieces(pieces);
  }

  /** Of one operation at a time. */
  private final class OperationPieces implements Activity.Pieces {
    private Direction direction;
    private Operation operation;

    void of(Direction itsDirection, Operation itsOperation) {
      direction = itsDirection;
      operation = itsOperation;
    }

    @Override
    public void captured(byte[] data, int offset, int length) {
      bytes(direction, data, offset, length, operation);
    }

    @Override
    public void skipped(long length) {
      gap(direction, length, operation.timeNs());
    }
  }

  private void bytes(
      Direction direction, byte[] data, int offset, int length, Operation operation) {
    if (decoder != null) {
      Flow flow = Flow.of(role(), direction);
      if (owedStart != null && flow == Flow.REQUESTS) {
        settleStart(data, offset, length);
      }
      decoder.bytes(flow, data, offset, length, operation);
    } else if (!opaque) {
      recognition.bytes(direction, data, offset, length, operation);
    }
  }

  // ---- what the recognition finds out

  void speaks(Protocol protocol, Flow flow, Direction direction, boolean answerFirst) {
    connection.settleRole(flow.role(direction));
    recognition = null;
    decoder = protocol.decoder(this, answerFirst);
    connection.speaks(protocol);
  }

  /**
   * What was recognised on a connection that was joined began with the server's side.
   *
   * @param perhaps the client may have said nothing before: its next bytes tell
   */
  void startMissed(Protocol protocol, boolean perhaps) {
    owedStart = protocol;
    if (!perhaps) {
      settleStart();
    }
  }

  private void settleStart(byte[] data, int offset, int length) {
    Detection detection = owedStart.detect(Flow.REQUESTS, false, data, offset, length);
    if (detection == Detection.FIRST) {
      owedStart = null;
    } else if (detection != Detection.NEED_MORE) {
      settleStart();
    }
  }

  private void settleStart() {
    if (owedStart != null) {
      owedStart = null;
      unreadable(LossCause.STARTED_MIDSTREAM);
    }
  }

  /** Bytes behind what was needed to recognise them; nobody's when they are opaque. */
  void rest(Direction direction, byte[] data, int offset, int length, Operation operation) {
    if (decoder != null) {
      decoder.bytes(Flow.of(role(), direction), data, offset, length, operation);
    }
  }

  /** One thing that cannot be read, as both begun and lost. */
  void unreadable(LossCause cause) {
    connection.begun(1);
    lost(cause, 1);
  }

  /** Nothing of interest follows. */
  void leave() {
    opaque = true;
  }

  void tlsSeen() {
    connection.tlsSeen();
  }

  void tlsUnread() {
    connection.tlsUnread();
  }

  // ---- what the decoder may know and tells

  @Override
  public ConnectionOpened connection() {
    return connection.opened();
  }

  @Override
  public Role role() {
    return connection.role();
  }

  @Override
  public boolean secure() {
    return secure;
  }

  /** Behind a proxy's CONNECT the socket is the proxy's; RFC 9110 §4.2.2 names the port then. */
  @Override
  public int serverPort() {
    if (secure && connection.throughProxy()) {
      return HTTPS_PORT;
    }
    ConnectionOpened opened = connection.opened();
    return (role() == Role.SERVER ? opened.local() : opened.remote()).getPort();
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
  public ThreadWork evidence(Operation operation, int stream) {
    return connection.evidence(operation, stream);
  }

  @Override
  public void begun() {
    connection.exchangeBegun();
  }

  @Override
  public void finished(Exchange exchange) {
    connection.finished(exchange);
  }

  @Override
  public void truncated() {
    scope.totals.truncated();
  }

  @Override
  public void unknown(UnknownField field) {
    scope.totals.unknown(field);
  }

  @Override
  public void tunnelled(Tunnel kind, Flow flow, long bytes) {
    if (tunnel == null) {
      tunnel = kind;
      tunnelOpened(kind);
    }
    tunnelBytes(kind, flow, bytes);
  }

  @Override
  public void tunnelOpened(Tunnel kind) {
    scope.totals.tunnelOpened(kind);
  }

  @Override
  public void continuesAs(Protocol protocol, ProtocolDecoder next) {
    decoder = next;
    connection.speaks(protocol);
  }

  @Override
  public void tunnelBytes(Tunnel kind, Flow flow, long bytes) {
    boolean rx = Flow.of(role(), Direction.RX) == flow;
    scope.totals.tunnelBytes(kind, rx ? Direction.RX : Direction.TX, bytes);
  }

  @Override
  public void lost(LossCause cause, long exchanges) {
    connection.lost(cause, exchanges);
  }
}
