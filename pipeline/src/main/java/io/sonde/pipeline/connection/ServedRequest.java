package io.sonde.pipeline.connection;

import io.sonde.pipeline.exchange.RequestKey;
import io.sonde.pipeline.exchange.ThreadEvidence;
import io.sonde.pipeline.exchange.ThreadEvidence.Finding;
import io.sonde.pipeline.exchange.ThreadWork;
import java.util.List;

/**
 * A request that a process has read, until its answer is complete. Collects whatever speaks against
 * the calls being its own that are made by who serves it.
 */
abstract class ServedRequest implements ThreadWork {
  private final int pid;
  private Finding doubt; // null: none so far
  private ThreadEvidence call; // null as long as nobody has been called for it
  private int exchanges;
  private long lastWriteNs;
  private boolean over;
  private boolean told;

  ServedRequest(int pid) {
    this.pid = pid;
  }

  final boolean isOver() {
    return over;
  }

  final boolean isAnswered() {
    return lastWriteNs != 0;
  }

  /** 0: nothing was written to its answer. */
  final long lastWriteNs() {
    return lastWriteNs;
  }

  /** The first doubt is the one that is told. */
  final void doubt(Finding why) {
    if (doubt == null) {
      doubt = why;
    }
  }

  final void exchangeBegun() {
    exchanges++;
  }

  final int exchanges() {
    return exchanges;
  }

  final void wrote(long timeNs) {
    lastWriteNs = timeNs;
  }

  final void end() {
    over = true;
  }

  /** Null when nobody waits for it; that is asked for once. */
  final RequestKey takeKeyIfNeverTold() {
    boolean awaited = !told && call != null;
    told = true;
    return awaited ? call.request() : null;
  }

  /** Of a call that begins now. */
  final ThreadEvidence call(int callerPid) {
    if (over || callerPid != pid) {
      return Threads.NO_REQUEST;
    }
    if (doubt != null) {
      return ThreadEvidence.against(doubt);
    }
    if (call == null) {
      call = new ThreadEvidence(new RequestKey(), Finding.CERTAIN, 0, List.of());
    }
    return call;
  }

  /** Of one exchange; of others that came with it, nothing is known. */
  @Override
  public final ThreadEvidence evidence() {
    Finding finding = doubt == null ? finding() : doubt;
    RequestKey key = told || call == null ? null : call.request();
    told = true;
    return new ThreadEvidence(key, finding, untilNs(), takeRoutes());
  }

  /** Without a doubt so far: what is known at the end. */
  abstract Finding finding();

  /** What a framework has told so far, of one exchange. */
  abstract List<String> takeRoutes();

  /** Calls that begin later are not part of it. */
  abstract long untilNs();
}
