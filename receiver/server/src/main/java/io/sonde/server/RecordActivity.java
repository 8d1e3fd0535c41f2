package io.sonde.server;

import io.sonde.contract.RecordLayout.Flag;
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
  public int captured() {
    return record.captured();
  }

  @Override
  public byte[] data() {
    return record.data();
  }

  @Override
  public int dataOffset() {
    return record.dataOffset();
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
