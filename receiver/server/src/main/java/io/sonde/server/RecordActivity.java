package io.sonde.server;

import io.sonde.contract.RecordLayout.Flag;
import io.sonde.contract.RecordLayout.Fragment;
import io.sonde.contract.RecordReader;
import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.Direction;
import io.sonde.pipeline.event.TlsMatch;

/** The record a reader stands on, in the pipeline's words. One instance serves all records. */
final class RecordActivity implements Activity {
  private static final TlsMatch[] MATCHES = TlsMatch.values();

  private final RecordReader record;

  RecordActivity(RecordReader record) {
    this.record = record;
  }

  @Override
  public Kind kind() {
    if (record.kind() == io.sonde.contract.RecordLayout.Kind.CLOSED) {
      return Kind.CLOSED;
    }
    return has(Flag.SUMMARY) ? Kind.SUMMARY : Kind.TRANSFER;
  }

  @Override
  public long connection() {
    return record.connection();
  }

  @Override
  public int session() {
    return isPlaintext() ? record.session() : 0;
  }

  @Override
  public TlsMatch match() {
    return isPlaintext() ? MATCHES[record.match()] : TlsMatch.NONE;
  }

  private boolean isPlaintext() {
    return record.kind() == io.sonde.contract.RecordLayout.Kind.PLAINTEXT;
  }

  @Override
  public int sequence() {
    return record.sequence();
  }

  @Override
  public long timeNs() {
    return record.timeNs();
  }

  @Override
  public int pid() {
    return record.tgid();
  }

  @Override
  public int tid() {
    return record.tid();
  }

  @Override
  public Direction direction() {
    return record.direction() == io.sonde.contract.RecordLayout.Direction.RX
        ? Direction.RX
        : Direction.TX;
  }

  @Override
  public boolean waits() {
    return has(Flag.WAITS);
  }

  @Override
  public long arrivedNs() {
    return record.arrivedNs();
  }

  @Override
  public long rxOffset() {
    return record.rxOffset();
  }

  @Override
  public long txOffset() {
    return record.txOffset();
  }

  @Override
  public long rxLastNs() {
    return record.rxLastNs();
  }

  @Override
  public long txLastNs() {
    return record.txLastNs();
  }

  @Override
  public int bytes() {
    return record.bytes();
  }

  @Override
  public void pieces(Pieces to) {
    long told = record.hasFragments() ? fragments(to) : whole(to);
    if (told < record.bytes()) {
      to.skipped(record.bytes() - told);
    }
  }

  private long whole(Pieces to) {
    int captured = record.captured();
    if (captured > 0) {
      to.captured(record.data(), record.dataOffset(), captured);
    }
    return captured;
  }

  private long fragments(Pieces to) {
    long told = 0;
    int end = record.dataOffset() + record.captured();
    for (int at = record.dataOffset(); at < end; at = record.nextFragment(at)) {
      long skipped = record.fragmentSkipped(at);
      if (skipped > 0) {
        to.skipped(skipped);
      }
      int length = record.fragmentLength(at);
      if (length > 0) {
        to.captured(record.data(), at + Fragment.DATA, length);
      }
      told += skipped + length;
    }
    return told;
  }

  @Override
  public boolean atOnce() {
    return has(Flag.AT_ONCE);
  }

  @Override
  public long goroutine() {
    return record.goroutine();
  }

  @Override
  public long goroutineParent() {
    return record.goroutineParent();
  }

  @Override
  public int rxTail(byte[] into) {
    return record.rxTail(into);
  }

  @Override
  public int txTail(byte[] into) {
    return record.txTail(into);
  }

  @Override
  public boolean uncapturable() {
    return has(Flag.NO_DATA);
  }

  @Override
  public boolean reset() {
    return has(Flag.RESET);
  }

  @Override
  public boolean closedLocally() {
    return has(Flag.LOCAL_CLOSE);
  }

  private boolean has(int flag) {
    return (record.flags() & flag) != 0;
  }
}
