package io.sonde.pipeline.connection;

import io.sonde.pipeline.exchange.ThreadEvidence.Finding;
import java.util.List;

/** A request that a thread has read, which may have done something else meanwhile. */
final class ThreadRequest extends ServedRequest {
  private static final int MAX_EARLIER = 8;

  private final int tid;

  /** Of the same thread, answered but for an end that cannot be seen yet; null: none. */
  private ThreadRequest earlier;

  /**
   * @param latest what this thread began to serve before; null: nothing
   */
  ThreadRequest(int pid, int tid, ThreadRequest latest) {
    super(pid);
    this.tid = tid;
    this.earlier = notOver(latest);
    int depth = 0;
    for (ThreadRequest r = earlier; r != null; r = r.earlier) {
      r.earlier = notOver(r.earlier);
      if (++depth == MAX_EARLIER) {
        r.earlier = null;
        doubt(Finding.SEVERAL_REQUESTS);
      }
    }
  }

  private static ThreadRequest notOver(ThreadRequest request) {
    ThreadRequest r = request;
    while (r != null && r.isOver()) {
      r = r.earlier;
    }
    return r;
  }

  int tid() {
    return tid;
  }

  @Override
  Finding finding() {
    if (!isAnswered()) {
      return Finding.NO_ANSWER;
    }
    boolean several = exchanges() > 1 || notOver(earlier) != null;
    return several ? Finding.SEVERAL_REQUESTS : Finding.CERTAIN;
  }

  @Override
  List<String> takeRoutes() {
    return List.of();
  }

  @Override
  long untilNs() {
    return lastWriteNs();
  }
}
