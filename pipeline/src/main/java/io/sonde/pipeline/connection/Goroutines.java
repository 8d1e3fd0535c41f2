package io.sonde.pipeline.connection;

import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.GoroutineAct;
import io.sonde.pipeline.event.GoroutineAct.Ancestor;
import io.sonde.pipeline.exchange.ThreadEvidence;
import io.sonde.pipeline.exchange.ThreadEvidence.Finding;
import io.sonde.pipeline.protocol.Operation;
import java.util.List;

/**
 * Which request each goroutine of the observed processes is serving, and who makes their calls.
 *
 * <p>A call is taken as made for a request when
 *
 * <ul>
 *   <li>the goroutine that makes it serves that request: it has read it itself, or has been given
 *       it as a stream of HTTP/2; or a goroutine that does is among those that created it, one
 *       after the other;
 *   <li>the one that it created was created since then: what is older, as the workers of a pool,
 *       may do anybody's work;
 *   <li>and the answer is not complete yet. A goroutine that lives on may be a worker of a pool
 *       that grows when it is needed, or a timer: what it does later may be for anybody.
 * </ul>
 *
 * <p>Who makes a call of net/http or grpc-go is told, since other goroutines write it. Without that
 * it is the one that writes, of HTTP/1 alone: frames of HTTP/2 are written by anybody.
 *
 * <p>What remains are pools that grow while a request is served: a goroutine created for it that
 * gets another one's work before it is answered.
 */
final class Goroutines {
  /** Of the first goroutine of a process nobody is the creator. */
  private static final long MAIN = 1;

  /** Of those that read connections with streams. */
  private static final int ITSELF = 0;

  private static final int ITS_PARENT = 1;

  private final RecentTable<ServingGoroutine> serving = new RecentTable<>();
  private final RecentTable<ReadStreams> readers = new RecentTable<>();
  private final RecentTable<GoroutineAct> calls = new RecentTable<>();

  /** A goroutine has read the first bytes of a request. */
  GoroutineRequest begins(Activity a) {
    GoroutineRequest request = new GoroutineRequest(a.pid());
    serves(a.pid(), a.goroutine(), a.goroutineParent(), a.timeNs(), request);
    return request;
  }

  /**
   * A goroutine has read more of a request. That of net/http that waits for the client to leave
   * takes the first byte of what comes instead; then the one that created it goes on.
   */
  void reads(Activity a, GoroutineRequest request) {
    if (a.goroutine() != 0 && a.goroutine() == request.parent()) {
      serves(a.pid(), a.goroutine(), a.goroutineParent(), a.timeNs(), request);
    }
  }

  private void serves(
      int pid, long goroutine, long parent, long sinceNs, GoroutineRequest request) {
    request.servedBy(goroutine, parent, sinceNs);
    ServingGoroutine its = serving.getOrAdd(pid, goroutine, ServingGoroutine::new);
    if (its.latest != null && its.latest != request && !its.latest.isOver()) {
      its.multiplexes |= !its.latest.isAnswered();
      its.latest.doubt(Finding.SEVERAL_REQUESTS);
      request.doubt(Finding.SEVERAL_REQUESTS);
    }
    if (its.multiplexes) {
      request.doubt(Finding.SEVERAL_REQUESTS);
    }
    its.latest = request;
  }

  /** A goroutine has read the first byte of a stream. */
  void readsStreams(Operation operation, ServedStreams streams) {
    if (operation.goroutine() != 0) {
      reads(operation.pid(), operation.goroutine(), ITSELF, streams);
      reads(operation.pid(), operation.goroutineParent(), ITS_PARENT, streams);
    }
  }

  private void reads(int pid, long goroutine, int part, ServedStreams streams) {
    ReadStreams read = readers.get(pid, goroutine, part);
    if (read == null || read.streams.isOver()) {
      readers.put(pid, goroutine, part, new ReadStreams(streams));
    } else if (read.streams != streams) {
      read.several = true;
    }
  }

  /** A goroutine has been given a stream to serve. */
  void serves(GoroutineAct act) {
    GoroutineRequest request = stream(act);
    if (request != null) {
      serves(act.pid(), act.goroutine(), act.parent(), act.timeNs(), request);
    }
  }

  /**
   * Null when its connection is not known for certain: that which its creator reads, or another one
   * that this has created, or, of what it had before, the creator of that.
   */
  private GoroutineRequest stream(GoroutineAct act) {
    if (act.parent() == 0) {
      return null;
    }
    ServedStreams streams = null;
    for (ReadStreams read :
        new ReadStreams[] {
          readers.get(act.pid(), act.parent(), ITSELF),
          readers.get(act.pid(), act.parent(), ITS_PARENT),
          readers.get(act.pid(), grandparent(act), ITSELF)
        }) {
      if (read != null && !read.streams.isOver()) {
        if (read.several || streams != null && streams != read.streams) {
          return null;
        }
        streams = read.streams;
      }
    }
    return streams == null ? null : streams.request(act.stream());
  }

  /** 0 not known, and nobody. */
  private static long grandparent(GoroutineAct act) {
    List<Ancestor> lineage = act.lineage();
    boolean known = lineage.size() > 2 && lineage.get(1).goroutine() == act.parent();
    return known ? lineage.get(2).goroutine() : 0;
  }

  /** A framework has matched the request that a goroutine serves. */
  void routes(GoroutineAct act) {
    ServingGoroutine its = serving.get(act.pid(), act.goroutine(), 0);
    if (its != null && its.latest.isServedBy(act.goroutine()) && !its.latest.isOver()) {
      its.latest.routed(act.route());
    }
  }

  /** It is told who makes the next call that a goroutine writes. */
  void told(GoroutineAct act) {
    calls.put(act.pid(), act.goroutine(), act.stream(), act);
  }

  /** A goroutine begins, or goes on, to write a request of HTTP/1. */
  ThreadEvidence calls(Activity a) {
    GoroutineAct act = calls.get(a.pid(), a.goroutine(), 0);
    if (act != null && act.timeNs() > Math.max(a.rxLastNs(), a.txLastNs())) {
      return made(act);
    }
    // What was told is of an earlier request on the connection: of this one it was lost, or is not.
    ServingGoroutine writer = serving.get(a.pid(), a.goroutine(), 0);
    if (writer == null || !writer.latest.isServedBy(a.goroutine())) {
      return ThreadEvidence.against(Finding.CALLER_UNKNOWN);
    }
    return writer.latest.call(a.pid());
  }

  /** A goroutine writes the first byte of a request of HTTP/2. */
  ThreadEvidence calls(Operation operation, int stream) {
    int pid = operation.pid();
    GoroutineAct act = calls.get(pid, operation.goroutine(), stream);
    if (act == null) {
      act = calls.get(pid, operation.goroutine(), GoroutineAct.NEXT_STREAM);
    }
    return act == null ? ThreadEvidence.against(Finding.CALLER_UNKNOWN) : made(act);
  }

  private ThreadEvidence made(GoroutineAct act) {
    List<Ancestor> lineage = act.lineage();
    long madeNs = act.timeNs();
    for (Ancestor ancestor : lineage) {
      ServingGoroutine its = serving.get(act.pid(), ancestor.goroutine(), 0);
      if (its != null && its.latest.isServedBy(ancestor.goroutine())) {
        return made(act.pid(), madeNs, its.latest);
      }
      madeNs = ancestor.createdNs();
    }
    boolean complete = !lineage.isEmpty() && lineage.get(lineage.size() - 1).goroutine() == MAIN;
    return ThreadEvidence.against(complete ? Finding.NO_REQUEST : Finding.LINEAGE_UNKNOWN);
  }

  /**
   * @param sinceNs when the goroutine that serves the request began the call, or created who did; 0
   *     not known
   */
  private static ThreadEvidence made(int pid, long sinceNs, GoroutineRequest request) {
    if (request.isOver()) {
      return ThreadEvidence.against(Finding.AFTER_ANSWER);
    }
    if (sinceNs == 0) {
      return ThreadEvidence.against(Finding.LINEAGE_UNKNOWN);
    }
    if (sinceNs < request.sinceNs()) {
      return ThreadEvidence.against(Finding.OLDER_GOROUTINE);
    }
    return request.call(pid);
  }

  /** What is known of a goroutine that has served a request. */
  private static final class ServingGoroutine {
    /** What it began to serve last. */
    private GoroutineRequest latest;

    private boolean multiplexes;
  }

  /** The connection that a goroutine reads, or one that was created by it does. */
  private static final class ReadStreams {
    private final ServedStreams streams;

    /** Or more than one: none is certain, for as long as the first one lives. */
    private boolean several;

    ReadStreams(ServedStreams streams) {
      this.streams = streams;
    }
  }
}
