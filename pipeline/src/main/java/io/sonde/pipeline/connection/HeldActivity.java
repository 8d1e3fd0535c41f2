package io.sonde.pipeline.connection;

import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.Direction;
import io.sonde.pipeline.event.TlsMatch;

/** A copy of an activity that tells plaintext, for when its connection is known. */
record HeldActivity(
    Kind kind,
    long connection,
    int session,
    TlsMatch match,
    int sequence,
    long timeNs,
    int pid,
    int tid,
    Direction direction,
    long arrivedNs,
    long rxOffset,
    long txOffset,
    boolean waits,
    long rxLastNs,
    long txLastNs,
    int bytes,
    HeldPieces held,
    boolean atOnce,
    long goroutine,
    long goroutineParent,
    byte[] rxTail,
    byte[] txTail,
    boolean uncapturable)
    implements Activity {

  /** About as much as an object of this kind takes besides its data. */
  private static final int OVERHEAD_BYTES = 256;

  /**
   * @param scratch of 8 bytes
   */
  static HeldActivity copyOf(Activity a, byte[] scratch) {
    return new HeldActivity(
        a.kind(),
        a.connection(),
        a.session(),
        a.match(),
        a.sequence(),
        a.timeNs(),
        a.pid(),
        a.tid(),
        a.direction(),
        a.arrivedNs(),
        a.rxOffset(),
        a.txOffset(),
        a.waits(),
        a.rxLastNs(),
        a.txLastNs(),
        a.bytes(),
        HeldPieces.of(a),
        a.atOnce(),
        a.goroutine(),
        a.goroutineParent(),
        tail(scratch, a.rxTail(scratch)),
        tail(scratch, a.txTail(scratch)),
        a.uncapturable());
  }

  private static byte[] tail(byte[] scratch, int length) {
    byte[] tail = new byte[length];
    System.arraycopy(scratch, 0, tail, 0, length);
    return tail;
  }

  /** The same, of the connection that is known now. */
  HeldActivity on(long itsConnection, TlsMatch itsMatch) {
    return new HeldActivity(
        kind,
        itsConnection,
        session,
        itsMatch,
        sequence,
        timeNs,
        pid,
        tid,
        direction,
        arrivedNs,
        rxOffset,
        txOffset,
        waits,
        rxLastNs,
        txLastNs,
        bytes,
        held,
        atOnce,
        goroutine,
        goroutineParent,
        rxTail,
        txTail,
        uncapturable);
  }

  int size() {
    return OVERHEAD_BYTES + held.size();
  }

  @Override
  public void pieces(Pieces to) {
    held.handTo(to);
  }

  @Override
  public int rxTail(byte[] into) {
    System.arraycopy(rxTail, 0, into, 0, rxTail.length);
    return rxTail.length;
  }

  @Override
  public int txTail(byte[] into) {
    System.arraycopy(txTail, 0, into, 0, txTail.length);
    return txTail.length;
  }

  @Override
  public boolean reset() {
    return false;
  }

  @Override
  public boolean closedLocally() {
    return false;
  }

  /** Captured bytes are not to come into any log. */
  @Override
  public String toString() {
    return kind + " of session " + Integer.toUnsignedString(session);
  }
}
