package io.sonde.pipeline;

/** The time it was when what is being replayed happened. Written by the thread that replays. */
final class RecordedTime {
  private volatile long unixNs;

  /** What was seen on several CPUs may be told in another order: time does not go back for that. */
  void reached(long unixNs) {
    this.unixNs = Math.max(this.unixNs, unixNs);
  }

  /** Of the latest activity; ns since 1970, 0 before the first. */
  long unixNs() {
    return unixNs;
  }
}
