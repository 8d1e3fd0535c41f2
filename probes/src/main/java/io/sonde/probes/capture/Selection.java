package io.sonde.probes.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which processes are observed: those that match any rule of {@code instrument} and none of {@code
 * exclude}. Immutable.
 *
 * @param instrument in the order of the configuration
 */
record Selection(List<Rule> instrument, List<Rule> exclude) {
  Selection {
    instrument = List.copyOf(instrument);
    exclude = List.copyOf(exclude);
  }

  /** By what the process is now. */
  Decision decide(Candidate process) {
    return decide(process, List.of());
  }

  /**
   * As {@link #decide(Candidate)}, for a process that has done more since it was decided upon: what
   * selected it then still does.
   *
   * @param before ids of the rules that selected it then
   */
  Decision decide(Candidate process, List<String> before) {
    List<String> by = new ArrayList<>();
    boolean tls = true;
    for (Rule rule : instrument) {
      if (before.contains(rule.id()) || rule.matches(process)) {
        by.add(rule.id());
        tls = rule.tls().orElse(tls);
      }
    }
    if (by.isEmpty()) {
      return Decision.NO;
    }
    Optional<String> excludedBy =
        exclude.stream().filter(rule -> rule.matches(process)).map(Rule::id).findFirst();
    return new Decision(by, excludedBy, tls);
  }

  /** Whether every program that is executed on the host must be decided upon. */
  boolean looksAtExec() {
    return instrument.stream().anyMatch(Rule::mayMatchAtExec);
  }

  /** A process that begins to listen on one of these is decided upon anew. */
  List<PortRange> portsOfInterest() {
    if (all().anyMatch(Rule::asksForLaterFacts)) {
      return List.of(PortRange.ALL);
    }
    return all().flatMap(rule -> rule.ports().stream()).toList();
  }

  private Stream<Rule> all() {
    return Stream.concat(instrument.stream(), exclude.stream());
  }
}
