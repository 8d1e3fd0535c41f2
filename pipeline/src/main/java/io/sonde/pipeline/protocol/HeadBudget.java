package io.sonde.pipeline.protocol;

/** Bounds the memory that unfinished heads of all connections of a capture may take together. */
public final class HeadBudget {
  public static final int MAX_BYTES = 8 << 20;

  private int available = MAX_BYTES;

  public boolean take(int bytes) {
    if (bytes > available) {
      return false;
    }
    available -= bytes;
    return true;
  }

  public void giveBack(int bytes) {
    available += bytes;
  }

  public int taken() {
    return MAX_BYTES - available;
  }
}
