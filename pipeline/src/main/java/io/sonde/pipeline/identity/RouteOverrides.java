package io.sonde.pipeline.identity;

import io.sonde.pipeline.identity.RouteSettings.IgnoreMode;
import io.sonde.pipeline.identity.RouteSettings.Unmatched;
import java.util.List;
import java.util.Optional;

/**
 * What an entry of {@code discovery.instrument} says of routes. Its patterns are tried beside those
 * of all services; of the rest, what is empty is as for all services. See {@link RouteSettings}.
 */
public record RouteOverrides(
    List<String> incoming,
    List<String> outgoing,
    Optional<List<String>> ignored,
    Optional<IgnoreMode> ignoreMode,
    Optional<Unmatched> unmatched,
    Optional<Character> wildcard,
    Optional<Integer> maxPathSegmentCardinality) {

  /** Says nothing. */
  public static final RouteOverrides NONE =
      new RouteOverrides(
          List.of(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  public RouteOverrides {
    incoming = List.copyOf(incoming);
    outgoing = List.copyOf(outgoing);
    ignored = ignored.map(List::copyOf);
  }
}
