package io.sonde.pipeline.event;

import java.util.List;

/**
 * What a goroutine of an observed process does that no operation on a socket shows. Told before the
 * operations that it is about.
 *
 * @param timeNs when it was seen; CALLS: when the first of the lineage began the call
 * @param goroutine that acts; unique in its process
 * @param parent that created it; 0 not known
 * @param stream CALLS, SERVES: of HTTP/2, unsigned; 0: HTTP/1; {@link #NEXT_STREAM}
 * @param lineage CALLS: who makes the call, then who created that one, and so on; SERVES: the same
 *     of who serves; may be empty
 * @param route ROUTES: as the framework has it, so hostile; else empty
 */
public record GoroutineAct(
    Kind kind,
    long timeNs,
    int pid,
    int tid,
    long goroutine,
    long parent,
    int stream,
    List<Ancestor> lineage,
    String route) {

  /** CALLS: not known yet; the one whose HEADERS the goroutine writes next. */
  public static final int NEXT_STREAM = 0xffffffff;

  public GoroutineAct {
    lineage = List.copyOf(lineage);
  }

  /** What it does. */
  public enum Kind {
    /**
     * The next request that it writes, or the one on that stream, is made by the first of the
     * lineage.
     */
    CALLS,
    /**
     * It begins to serve that stream of the connection which is read by its parent, by another one
     * that its parent created, or by the one that created its parent.
     */
    SERVES,
    /** A framework has matched the request that it serves with a route. */
    ROUTES
  }

  /**
   * A goroutine, created by the next one in the lineage.
   *
   * @param createdNs 0 not known: before the capture, or forgotten
   */
  public record Ancestor(long goroutine, long createdNs) {}
}
