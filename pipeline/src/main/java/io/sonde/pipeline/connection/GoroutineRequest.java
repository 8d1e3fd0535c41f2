package io.sonde.pipeline.connection;

import io.sonde.pipeline.exchange.ThreadEvidence.Finding;
import java.util.ArrayList;
import java.util.List;

/** A request that a goroutine serves, and perhaps others which that one creates meanwhile. */
final class GoroutineRequest extends ServedRequest {
  private static final int MAX_ROUTES = 4;

  private long goroutine;
  private long parent;
  private long sinceNs;
  private List<String> routes = List.of();

  /** Nobody is known to serve it yet. */
  GoroutineRequest(int pid) {
    super(pid);
  }

  /**
   * @param itsParent of the goroutine; 0 not known
   * @param since when it read the request, or was given it
   */
  void servedBy(long itsGoroutine, long itsParent, long since) {
    goroutine = itsGoroutine;
    parent = itsParent;
    sinceNs = since;
  }

  boolean isServedBy(long other) {
    return goroutine == other;
  }

  /** The one that created who has read of it so far. */
  long parent() {
    return parent;
  }

  /** What the goroutine did and created before, it did for something else. */
  long sinceNs() {
    return sinceNs;
  }

  /** Who reads a request serves it, whether it is ever answered or not. */
  @Override
  Finding finding() {
    return exchanges() > 1 ? Finding.SEVERAL_REQUESTS : Finding.CERTAIN;
  }

  /** A framework has matched the request; routers may be within each other. */
  void routed(String route) {
    List<String> all = new ArrayList<>(routes);
    if (all.size() == MAX_ROUTES) {
      all.remove(0);
    }
    all.add(route);
    routes = all;
  }

  @Override
  List<String> takeRoutes() {
    List<String> taken = routes;
    routes = List.of();
    return taken;
  }

  /** Without an answer: as long as somebody could still begin a call for it. */
  @Override
  long untilNs() {
    return isAnswered() ? lastWriteNs() : Long.MAX_VALUE;
  }
}
