package io.sonde.pipeline.metrics;

/**
 * The bound on the series of all services together: whoever can reach an observed server chooses
 * attribute values (Host), so a bound per service is not a bound on memory. Guarded by the store's
 * lock.
 */
final class SeriesRoom {
  private int left;

  SeriesRoom(int size) {
    left = size;
  }

  /** Returns false when there is no room for one more. */
  boolean take() {
    if (left == 0) {
      return false;
    }
    left--;
    return true;
  }

  void giveBack(int n) {
    left += n;
  }
}
