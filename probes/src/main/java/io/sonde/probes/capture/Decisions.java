package io.sonde.probes.capture;

import io.sonde.probes.BoundedMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What was decided of which process, and the ports it was heard to listen on. For one thread. */
final class Decisions {
  /** As many as the kernel's table of targets has room for. */
  private static final int MAX = 32768;

  private record Known(Decision decision, Set<Integer> ports) {}

  /** Of processes that are observed, as long as they live. */
  private final Map<Integer, Known> observed = BoundedMap.byAge(MAX);

  /**
   * Of the others, and of those that have ended: records of a short-lived process are read after it
   * is gone. The kernel does not tell when one of them ends; the oldest makes room.
   */
  private final Map<Integer, Known> others = BoundedMap.byAge(MAX);

  /** Replaces what was known of the pid. */
  void put(int pid, Decision decision, Set<Integer> ports) {
    observed.remove(pid);
    others.remove(pid);
    (decision.selected() ? observed : others).put(pid, new Known(decision, Set.copyOf(ports)));
  }

  /** {@link Decision#NO} when none was made. */
  Decision of(int pid) {
    Known known = known(pid);
    return known == null ? Decision.NO : known.decision;
  }

  Set<Integer> ports(int pid) {
    Known known = known(pid);
    return known == null ? Set.of() : known.ports;
  }

  /** The ports with one more. */
  Set<Integer> ports(int pid, int port) {
    Set<Integer> ports = new HashSet<>(ports(pid));
    ports.add(port);
    return ports;
  }

  boolean isKnown(int pid) {
    return known(pid) != null;
  }

  /** A child is what its parent is, or, where that is not known, nothing. */
  void inherit(int child, int parent) {
    Known known = known(parent);
    if (known == null) {
      observed.remove(child);
      others.remove(child);
    } else {
      put(child, known.decision, known.ports);
    }
  }

  void exited(int pid) {
    Known known = observed.remove(pid);
    if (known != null) {
      others.put(pid, known);
    }
  }

  private Known known(int pid) {
    Known known = observed.get(pid);
    return known == null ? others.get(pid) : known;
  }
}
