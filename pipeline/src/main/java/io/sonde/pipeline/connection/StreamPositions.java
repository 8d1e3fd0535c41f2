package io.sonde.pipeline.connection;

import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.Direction;

/**
 * How far the two streams of a conversation have been told, and which record of it came last: what
 * the next one must begin with if nothing is missing between them.
 */
final class StreamPositions {
  private boolean started;
  private int lastSequence;
  private long rx;
  private long tx;

  boolean started() {
    return started;
  }

  /** Whatever was before this record, nothing is known of it. */
  void start(Activity first) {
    started = true;
    lastSequence = first.sequence();
    rx = first.rxOffset();
    tx = first.txOffset();
  }

  /** Nothing has been moved yet. */
  boolean atStart() {
    return rx == 0 && tx == 0;
  }

  /**
   * The next record.
   *
   * @return how many are missing before it; negative for one that comes after a later one: it has
   *     been counted as missing already
   */
  int missingBefore(Activity a) {
    return a.sequence() - lastSequence - 1;
  }

  /** It is the latest one. */
  void passed(Activity a) {
    lastSequence = a.sequence();
  }

  /** It begins with what was told before, which no operation can. */
  boolean overlap(Activity a) {
    return a.kind() == Activity.Kind.TRANSFER
        && (a.direction() == Direction.RX ? a.rxOffset() < rx : a.txOffset() < tx);
  }

  void jumpTo(Activity a) {
    rx = a.rxOffset();
    tx = a.txOffset();
  }

  /**
   * An offset behind ours is that of a thread that looked before another had counted what it moved.
   *
   * @return bytes received that no record told of; 0 or less when there are none
   */
  long advanceRx(long to) {
    long jump = to - rx;
    rx += Math.max(jump, 0);
    return jump;
  }

  /** As {@link #advanceRx}, of transmitted ones. */
  long advanceTx(long to) {
    long jump = to - tx;
    tx += Math.max(jump, 0);
    return jump;
  }

  void moved(Direction direction, int bytes) {
    if (direction == Direction.RX) {
      rx += bytes;
    } else {
      tx += bytes;
    }
  }
}
