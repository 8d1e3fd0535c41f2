package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.protocol.HeadBudget;
import java.util.Arrays;

/** A header block that does not lie in one piece, put together; to a bound. */
final class HeaderBlock {
  /** Longer ones are given up; more than any server takes. */
  static final int MAX_LENGTH = 64 * 1024;

  private static final byte[] NONE = {};

  private final HeadBudget budget;
  private byte[] kept = NONE;
  private int length;
  private boolean lost;

  HeaderBlock(HeadBudget budget) {
    this.budget = budget;
  }

  void add(byte[] data, int from, int to) {
    int needed = length + to - from;
    if (lost || needed > MAX_LENGTH || !hasRoomFor(needed)) {
      lose();
      return;
    }
    System.arraycopy(data, from, kept, length, to - from);
    length = needed;
  }

  /** A part of it is missing. */
  void lose() {
    reset();
    lost = true;
  }

  boolean isLost() {
    return lost;
  }

  boolean isEmpty() {
    return length == 0 && !lost;
  }

  byte[] bytes() {
    return kept;
  }

  int length() {
    return length;
  }

  void reset() {
    budget.giveBack(kept.length);
    kept = NONE;
    length = 0;
    lost = false;
  }

  private boolean hasRoomFor(int needed) {
    if (needed <= kept.length) {
      return true;
    }
    int capacity = Math.min(MAX_LENGTH, Math.max(512, Math.max(needed, kept.length * 2)));
    if (!budget.take(capacity - kept.length)) {
      return false;
    }
    kept = Arrays.copyOf(kept, capacity);
    return true;
  }
}
