package io.sonde.pipeline.connection;

import io.sonde.pipeline.exchange.RequestKey;
import io.sonde.pipeline.exchange.ThreadEvidence;
import io.sonde.pipeline.exchange.ThreadEvidence.Finding;
import io.sonde.pipeline.exchange.ThreadWork;

/**
 * A request that a thread has read, until its answer is complete. Collects whatever speaks against
 * that thread having done nothing else meanwhile.
 */
final class ServedRequest implements ThreadWork {
  private static final int MAX_EARLIER = 8;

  private final int pid;
  private final int tid;

  /** Of the same thread, answered but for an end that cannot be seen yet; null: none. */
  private ServedRequest earlier;

  private Finding doubt; // null: none so far
  private ThreadEvidence call; // null as long as the thread has called nobody
  private int exchanges;
  private long lastWriteNs;
  private boolean over;
  private boolean reported;

  /**
   * @param latest what this thread began to serve before; null: nothing
   */
  ServedRequest(int pid, int tid, ServedRequest latest) {
    this.pid = pid;
    this.tid = tid;
    this.earlier = notOver(latest);
    int depth = 0;
    for (ServedRequest r = earlier; r != null; r = r.earlier) {
      r.earlier = notOver(r.earlier);
      if (++depth == MAX_EARLIER) {
        r.earlier = null;
        doubt(Finding.SEVERAL_REQUESTS);
      }
    }
  }

  private static ServedRequest notOver(ServedRequest request) {
    ServedRequest r = request;
    while (r != null && r.over) {
      r = r.earlier;
    }
    return r;
  }

  int tid() {
    return tid;
  }

  boolean isOver() {
    return over;
  }

  boolean isAnswered() {
    return lastWriteNs != 0;
  }

  /** The first doubt is the one that is told. */
  void doubt(Finding why) {
    if (doubt == null) {
      doubt = why;
    }
  }

  void exchangeBegun() {
    exchanges++;
  }

  boolean hasExchange() {
    return exchanges > 0;
  }

  void wrote(long timeNs) {
    lastWriteNs = timeNs;
  }

  void end() {
    over = true;
  }

  void exchangeReported() {
    reported = true;
  }

  /** Null when nobody waits for it. */
  RequestKey keyIfNeverReported() {
    return reported || call == null ? null : call.request();
  }

  /** Of a call that a thread begins now. */
  ThreadEvidence call(int callerPid) {
    if (over || callerPid != pid) {
      return Threads.NO_REQUEST;
    }
    if (doubt != null) {
      return Threads.doubtful(doubt);
    }
    if (call == null) {
      call = new ThreadEvidence(new RequestKey(), Finding.CERTAIN, 0);
    }
    return call;
  }

  @Override
  public ThreadEvidence evidence() {
    return new ThreadEvidence(call == null ? null : call.request(), finding(), lastWriteNs);
  }

  private Finding finding() {
    if (doubt != null) {
      return doubt;
    }
    if (!isAnswered()) {
      return Finding.NO_ANSWER;
    }
    return exchanges > 1 || notOver(earlier) != null ? Finding.SEVERAL_REQUESTS : Finding.CERTAIN;
  }
}
