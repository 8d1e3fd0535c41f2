package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.protocol.Budget;
import java.util.Arrays;

/**
 * Finds the end of a message's head, the empty line (RFC 9112 §2.1; a bare LF ends a line too,
 * §2.2). A head that lies whole in one buffer is not copied; the beginnings of others are kept, to
 * a bound.
 */
final class HeadReader {
  /** Longer heads are cut here. As much as one operation may bring (record.h). */
  static final int MAX_LENGTH = 16 * 1024;

  private static final byte[] NONE = {};

  private final Budget budget;
  private byte[] kept = NONE;
  private int keptLength;

  /** Line ends in a row just before here: 0, 1 (LF), 2 (LF CR). */
  private int lineEnds;

  private boolean full;

  // Where the head lies once read; valid until the next call.
  private byte[] bytes;
  private int from;
  private int to;

  HeadReader(Budget budget) {
    this.budget = budget;
  }

  /**
   * Reads on.
   *
   * @return the offset behind the head, or -1 when it does not end in these bytes: then all of them
   *     were taken, or {@link #isFull()}
   */
  int read(byte[] data, int offset, int end) {
    int limit = Math.min(end, offset + MAX_LENGTH - keptLength);
    int ends = lineEnds; // a local: this loop sees every byte of every head
    for (int at = offset; at < limit; at++) {
      byte b = data[at];
      if (b == '\n') {
        if (ends > 0) {
          return complete(data, offset, at + 1);
        }
        ends = 1;
      } else if (ends != 0) {
        ends = b == '\r' && ends == 1 ? 2 : 0;
      }
    }
    lineEnds = ends;
    full = !keep(data, offset, limit) || keptLength == MAX_LENGTH;
    bytes = kept;
    from = 0;
    to = keptLength;
    return -1;
  }

  /** No more will be kept: the head is to be cut. */
  boolean isFull() {
    return full;
  }

  boolean isEmpty() {
    return keptLength == 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /** Forgets what was read; the next head may begin. */
  void reset() {
    budget.giveBack(kept.length);
    kept = NONE;
    keptLength = 0;
    lineEnds = 0;
    full = false;
    bytes = null;
  }

  private int complete(byte[] data, int offset, int end) {
    if (keptLength == 0) {
      bytes = data;
      from = offset;
      to = end;
    } else if (keep(data, offset, end)) {
      bytes = kept;
      from = 0;
      to = keptLength;
    } else {
      full = true;
      bytes = kept;
      from = 0;
      to = keptLength;
      return -1;
    }
    return end;
  }

  private boolean keep(byte[] data, int offset, int end) {
    int needed = keptLength + end - offset;
    if (needed > kept.length) {
      int capacity = Math.min(MAX_LENGTH, Math.max(256, Math.max(needed, kept.length * 2)));
      if (!budget.take(capacity - kept.length)) {
        return false;
      }
      kept = Arrays.copyOf(kept, capacity);
    }
    System.arraycopy(data, offset, kept, keptLength, end - offset);
    keptLength = needed;
    return true;
  }
}
