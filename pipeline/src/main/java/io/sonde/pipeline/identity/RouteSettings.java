package io.sonde.pipeline.identity;

import java.util.ArrayList;
import java.util.List;

/**
 * How the routes of a service's requests are found: Beyla's {@code routes}.
 *
 * @param incoming patterns of the paths that are asked of the service
 * @param outgoing patterns of the paths that the service asks of others
 * @param ignored patterns of paths that nothing is to be told of
 * @param ignoreMode what is not told of these
 * @param unmatched what the route is where no pattern matches
 * @param wildcard stands for a segment that varies, in routes that are found without a pattern
 * @param maxPathSegmentCardinality more different segments than these at one place of the paths
 *     become the wildcard ({@code LOW_CARDINALITY}); at least 1
 */
public record RouteSettings(
    List<String> incoming,
    List<String> outgoing,
    List<String> ignored,
    IgnoreMode ignoreMode,
    Unmatched unmatched,
    char wildcard,
    int maxPathSegmentCardinality) {

  /** As Beyla has it where nothing is set. */
  public static final RouteSettings DEFAULT =
      new RouteSettings(
          List.of(), List.of(), List.of(), IgnoreMode.ALL, Unmatched.LOW_CARDINALITY, '*', 10);

  /** Which signals say nothing of an ignored path. */
  public enum IgnoreMode {
    ALL,
    METRICS,
    TRACES
  }

  /** What becomes of a path that no pattern matches. */
  public enum Unmatched {
    /** It has no route. */
    UNSET,
    /** It is the route. */
    PATH,
    /** All of them have one route. */
    WILDCARD,
    /** Its segments that look like data become wildcards. */
    HEURISTIC,
    /** And those too that vary much. */
    LOW_CARDINALITY
  }

  public RouteSettings {
    incoming = List.copyOf(incoming);
    outgoing = List.copyOf(outgoing);
    ignored = List.copyOf(ignored);
  }

  /**
   * As these are for a service that has some of its own. Its patterns come first, so that of two
   * that match the same paths its own is the route.
   */
  public RouteSettings with(RouteOverrides own) {
    return new RouteSettings(
        both(own.incoming(), incoming),
        both(own.outgoing(), outgoing),
        own.ignored().orElse(ignored),
        own.ignoreMode().orElse(ignoreMode),
        own.unmatched().orElse(unmatched),
        own.wildcard().orElse(wildcard),
        own.maxPathSegmentCardinality().orElse(maxPathSegmentCardinality));
  }

  private static List<String> both(List<String> first, List<String> second) {
    List<String> both = new ArrayList<>(first);
    both.addAll(second);
    return both;
  }
}
