package io.sonde.pipeline.connection;

import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.Direction;
import io.sonde.pipeline.event.TlsMatch;

/** An activity to be filled in by {@link SimulatedCapture}. */
final class MutableActivity implements Activity {
  Kind kind;
  long connection;
  int session;
  TlsMatch match = TlsMatch.NONE;
  int sequence;
  long timeNs;
  int pid;
  int tid;
  Direction direction = Direction.RX;
  long arrivedNs;
  long rxOffset;
  long txOffset;
  long rxLastNs;
  long txLastNs;
  int bytes;
  int captured;
  byte[] data = {};
  int dataOffset;
  byte[] rxTail = {};
  byte[] txTail = {};
  boolean waits;
  boolean atOnce;
  long goroutine;
  long goroutineParent;
  boolean reset;
  boolean closedLocally;

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public long connection() {
    return connection;
  }

  @Override
  public int session() {
    return session;
  }

  @Override
  public TlsMatch match() {
    return match;
  }

  @Override
  public int sequence() {
    return sequence;
  }

  @Override
  public long timeNs() {
    return timeNs;
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public int tid() {
    return tid;
  }

  @Override
  public Direction direction() {
    return direction;
  }

  @Override
  public boolean waits() {
    return waits;
  }

  @Override
  public long arrivedNs() {
    return arrivedNs;
  }

  @Override
  public long rxOffset() {
    return rxOffset;
  }

  @Override
  public long txOffset() {
    return txOffset;
  }

  @Override
  public long rxLastNs() {
    return rxLastNs;
  }

  @Override
  public long txLastNs() {
    return txLastNs;
  }

  @Override
  public int bytes() {
    return bytes;
  }

  @Override
  public void pieces(Pieces to) {
    if (captured > 0) {
      to.captured(data, dataOffset, captured);
    }
    if (captured < bytes) {
      to.skipped(bytes - (long) captured);
    }
  }

  @Override
  public boolean atOnce() {
    return atOnce;
  }

  @Override
  public long goroutine() {
    return goroutine;
  }

  @Override
  public long goroutineParent() {
    return goroutineParent;
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
  public boolean uncapturable() {
    return captured == 0 && bytes > 0;
  }

  @Override
  public boolean reset() {
    return reset;
  }

  @Override
  public boolean closedLocally() {
    return closedLocally;
  }
}
