package io.sonde.pipeline.protocol;

/**
 * The read or write that moved some bytes. A flyweight, overwritten for each operation: valid only
 * during the call that hands it over.
 */
public final class Operation {
  private long timeNs;
  private long arrivedNs;
  private int pid;
  private int tid;

  public Operation set(long timeNs, long arrivedNs, int pid, int tid) {
    this.timeNs = timeNs;
    this.arrivedNs = arrivedNs;
    this.pid = pid;
    this.tid = tid;
    return this;
  }

  /** When it returned, CLOCK_MONOTONIC. */
  public long timeNs() {
    return timeNs;
  }

  /** When its first byte reached the socket, CLOCK_MONOTONIC; 0 unknown or a write. */
  public long arrivedNs() {
    return arrivedNs;
  }

  /** The process that did it. */
  public int pid() {
    return pid;
  }

  public int tid() {
    return tid;
  }
}
