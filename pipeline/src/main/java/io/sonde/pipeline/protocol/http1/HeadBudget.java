package io.sonde.pipeline.protocol.http1;

/** Bounds the memory that unfinished heads of all connections of a capture may take together. */
final class HeadBudget {
  static final int MAX_BYTES = 8 << 20;

  private int available = MAX_BYTES;

  boolean take(int bytes) {
    if (bytes > available) {
      return false;
    }
    available -= bytes;
    return true;
  }

  void giveBack(int bytes) {
    available += bytes;
  }

  int taken() {
    return MAX_BYTES - available;
  }
}
