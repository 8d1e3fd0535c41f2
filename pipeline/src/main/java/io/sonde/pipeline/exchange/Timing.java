package io.sonde.pipeline.exchange;

/**
 * When an exchange happened, CLOCK_MONOTONIC ns.
 *
 * @param arrivedNs server: when the first byte of the request reached the socket (equal to {@code
 *     startedNs} when unknown); client: when the request began to be written
 * @param startedNs server: when the program first read the request; client: as {@code arrivedNs}
 * @param endedNs server: last byte of the answer written; client: last byte of the answer read;
 *     without an answer, when that became certain
 * @param realtimeOffsetNs add to any of these for Unix time in ns
 */
public record Timing(long arrivedNs, long startedNs, long endedNs, long realtimeOffsetNs) {
  /** {@code endedNs} as Unix time, ns. */
  public long endedUnixNs() {
    return endedNs + realtimeOffsetNs;
  }

  /** Whole duration, waiting included, ns. */
  public long durationNs() {
    return endedNs - arrivedNs;
  }

  /** Time between arrival at the socket and the program's first read, ns. */
  public long queuedNs() {
    return startedNs - arrivedNs;
  }
}
