package io.sonde.pipeline.protocol;

import io.sonde.pipeline.event.Activity;
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
  private boolean atOnce;
  private long goroutine;
  private long goroutineParent;

  /** Of an operation that nothing more is known of. */
  public Operation set(long timeNs, long arrivedNs, int pid, int tid, ThreadWork threads) {
    this.timeNs = timeNs;
    this.arrivedNs = arrivedNs;
    this.pid = pid;
    this.tid = tid;
    this.threads = threads;
    atOnce = false;
    goroutine = 0;
    goroutineParent = 0;
    return this;
  }

  public Operation set(Activity a, ThreadWork threads) {
    set(a.timeNs(), a.arrivedNs(), a.pid(), a.tid(), threads);
    atOnce = a.atOnce();
    goroutine = a.goroutine();
    goroutineParent = a.goroutineParent();
    return this;
  }

  /** As the other is now. */
  public Operation set(Operation other) {
    set(other.timeNs, other.arrivedNs, other.pid, other.tid, other.threads);
    atOnce = other.atOnce;
    goroutine = other.goroutine;
    goroutineParent = other.goroutineParent;
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

  /** All bytes of the read arrived at {@link #arrivedNs}; false also when that is not known. */
  public boolean atOnce() {
    return atOnce;
  }

  /** That did it, unique in its process; 0 not Go's, or not known. */
  public long goroutine() {
    return goroutine;
  }

  /** The one that created that; 0 not known. */
  public long goroutineParent() {
    return goroutineParent;
  }

  /** Of the exchange that it may begin; null when nothing is known. */
  public ThreadWork threads() {
    return threads;
  }
}
