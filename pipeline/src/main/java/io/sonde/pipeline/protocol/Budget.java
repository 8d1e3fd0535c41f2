package io.sonde.pipeline.protocol;

/** Bounds the memory that something of all connections of a capture may take together. */
public final class Budget {
  /** Of unfinished heads, bytes. */
  public static final int HEADS = 8 << 20;

  /**
   * Of what is kept of the heads of requests whose answers are not complete, characters; mostly a
   * request has some 200.
   */
  public static final int OPEN_FIELDS = 16 << 20;

  private final int max;
  private int available;

  public Budget(int max) {
    this.max = max;
    this.available = max;
  }

  public boolean take(int amount) {
    if (amount > available) {
      return false;
    }
    available -= amount;
    return true;
  }

  public void giveBack(int amount) {
    available += amount;
  }

  public int taken() {
    return max - available;
  }
}
