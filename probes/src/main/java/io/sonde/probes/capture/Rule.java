package io.sonde.probes.capture;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An entry of {@code discovery.instrument} or of a list that excludes: all its criteria must be
 * met.
 *
 * @param id as told to the receiver: the key in the configuration, {@code #} and a digest
 * @param criteria never empty
 * @param ports that its open_ports name; empty: it has no such criterion
 * @param pids that its target_pids name; empty: it has no such criterion
 * @param tls whether TLS libraries are hooked for what it selects; empty: as another rule says
 */
record Rule(
    String id,
    List<Criterion> criteria,
    List<PortRange> ports,
    Set<Integer> pids,
    Optional<Boolean> tls) {
  Rule {
    criteria = List.copyOf(criteria);
    ports = List.copyOf(ports);
    pids = Set.copyOf(pids);
  }

  /** Its place in the configuration. */
  String key() {
    return id.substring(0, id.indexOf('#') < 0 ? id.length() : id.indexOf('#'));
  }

  boolean matches(Candidate process) {
    for (Criterion criterion : criteria) {
      if (!criterion.isMetBy(process)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a process of which nothing was known may match when it executes a program. */
  boolean mayMatchAtExec() {
    boolean byPidAlone = !pids.isEmpty() && criteria.size() == 1;
    return ports.isEmpty() && !byPidAlone;
  }

  /** Whether a fact is asked for that shows only some time after the program was executed. */
  boolean asksForLaterFacts() {
    return criteria.stream().anyMatch(criterion -> criterion.name().equals("languages"));
  }
}
