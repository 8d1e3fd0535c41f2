package io.sonde.pipeline.protocol;

import io.sonde.pipeline.exchange.ThreadWork;

/**
 * The read or write that moved some bytes. A flyweight, overwritten for each operation: valid only
 * during the call that hands it over.
 */
public final class Operation {
  private long timeNs;
  private long arrivedNs;
  private int pid;
  private int tid;
  private ThreadWork threads;

  public Operation set(long timeNs, long arrivedNs, int pid, int tid, ThreadWork threads) {
    this.timeNs = timeNs;
    this.arrivedNs = arrivedNs;
    this.pid = pid;
    this.tid = tid;
    this.threads = threads;
    return this;
  }

  /** As the other is now. */
  public Operation set(Operation other) {
    return set(other.timeNs, other.arrivedNs, other.pid, other.tid, other.threads);
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

  /** Of the exchange that it may begin; null when nothing is known. */
  public ThreadWork threads() {
    return threads;
  }
}
