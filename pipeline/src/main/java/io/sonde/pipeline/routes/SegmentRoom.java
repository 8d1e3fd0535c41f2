package io.sonde.pipeline.routes;

/**
 * The bound on learned segments of all services together: whoever starts programs names services.
 */
final class SegmentRoom {
  private int left;

  SegmentRoom(int size) {
    left = size;
  }

  /** Returns false when there is no room for one more. */
  synchronized boolean take() {
    if (left == 0) {
      return false;
    }
    left--;
    return true;
  }

  synchronized void giveBack(int n) {
    left += n;
  }
}
