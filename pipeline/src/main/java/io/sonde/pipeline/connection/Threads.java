package io.sonde.pipeline.connection;

import io.sonde.pipeline.exchange.ThreadEvidence;
import io.sonde.pipeline.exchange.ThreadEvidence.Finding;

/**
 * Which request each thread of the observed processes is serving. The records of one thread come in
 * the order in which it acted.
 *
 * <p>That a thread serves one request, and does nothing for anybody else meanwhile, is taken as
 * certain when
 *
 * <ul>
 *   <li>it read the request by a call that would have waited for it. Whoever multiplexes cannot
 *       afford to wait for one peer: event loops and virtual threads read without waiting, and so
 *       do goroutines, which are told apart where that is possible ({@link Goroutines}). So do some
 *       threads that serve one request at a time (Ruby's, Java's with a timeout); nothing that can
 *       be seen at the sockets tells these from an event loop with one request, which may at any
 *       moment run a timer of its own;
 *   <li>it alone read the request, all of it, and wrote the answer;
 *   <li>between the two it neither read nor wrote on another server connection, and everything it
 *       had begun to serve before is over;
 *   <li>it was never seen to do that with an earlier request either: a thread that once left a
 *       request for another one is not believed again.
 * </ul>
 *
 * <p>What remains are event loops built on sockets that wait, rare since a slow peer holds up all
 * of them, as long as they have never been seen with two requests at a time: one that has a timer
 * send a request while it serves one, goes on working for a request whose client has left, or whose
 * read of a second request was among lost records. And a thread that runs others' tasks while it
 * waits inside its own (a ForkJoinPool as a server's executor).
 */
final class Threads {
  static final ThreadEvidence NO_REQUEST = ThreadEvidence.against(Finding.NO_REQUEST);

  private final RecentTable<ServingThread> table = new RecentTable<>();

  /**
   * A thread has read the first bytes of a request.
   *
   * @param waiting by a call that would have waited for them
   */
  ThreadRequest begins(int pid, int tid, boolean waiting) {
    ServingThread thread = table.getOrAdd(0, tid, ServingThread::new);
    ThreadRequest request = new ThreadRequest(pid, tid, thread.latest);
    if (!waiting) {
      request.doubt(Finding.NON_BLOCKING);
    }
    if (thread.latest != null && !thread.latest.isOver() && !thread.latest.isAnswered()) {
      multiplexes(thread);
    }
    if (thread.multiplexes) {
      request.doubt(Finding.SEVERAL_REQUESTS);
    }
    thread.latest = request;
    return request;
  }

  /**
   * A thread has read or written on a server connection whose request has begun before.
   *
   * @param request null when its beginning was not seen
   */
  void touches(int tid, ThreadRequest request) {
    if (request != null && request.tid() != tid) {
      request.doubt(Finding.SEVERAL_THREADS);
    }
    ServingThread thread = table.get(0, tid, 0);
    if (thread != null && thread.latest != request && !thread.latest.isOver()) {
      multiplexes(thread);
      if (request != null) {
        request.doubt(Finding.SEVERAL_REQUESTS);
      }
    }
  }

  /** A thread has read or written what cannot be told of yet. */
  void actsUnseen(int tid) {
    ServingThread thread = table.get(0, tid, 0);
    if (thread != null && !thread.latest.isOver()) {
      thread.latest.doubt(Finding.SEVERAL_REQUESTS);
    }
  }

  /** A thread begins, or goes on, to write a request of its own. */
  ThreadEvidence calls(int pid, int tid) {
    ServingThread thread = table.get(0, tid, 0);
    return thread == null ? NO_REQUEST : thread.latest.call(pid);
  }

  private static void multiplexes(ServingThread thread) {
    thread.multiplexes = true;
    thread.latest.doubt(Finding.SEVERAL_REQUESTS);
  }

  /** What is known of a thread that has served a request. */
  private static final class ServingThread {
    /** What it began to serve last. */
    private ThreadRequest latest;

    private boolean multiplexes;
  }
}
