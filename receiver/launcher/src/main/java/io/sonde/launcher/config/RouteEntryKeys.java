package io.sonde.launcher.config;

import io.sonde.pipeline.identity.RouteOverrides;
import io.sonde.pipeline.identity.RouteSettings.IgnoreMode;
import io.sonde.pipeline.identity.RouteSettings.Unmatched;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The keys {@code routes} of an entry of {@code discovery.instrument}. */
final class RouteEntryKeys {
  private static final Option<List<String>> INCOMING =
      Option.of(
          "routes.incoming",
          RoutesKeys.PATTERNS.type(),
          "[]",
          "patterns of requests it answers, beside the routes.patterns of all");

  private static final Option<List<String>> OUTGOING =
      Option.of(
          "routes.outgoing",
          RoutesKeys.PATTERNS.type(),
          "[]",
          "patterns of requests it makes, beside the routes.patterns of all");

  private static final Option<List<String>> PATTERNS =
      Option.of("routes.patterns", RoutesKeys.PATTERNS.type(), "[]", "patterns of both");

  private static final Option<List<String>> IGNORED_PATTERNS = own(RoutesKeys.IGNORED_PATTERNS);
  private static final Option<IgnoreMode> IGNORE_MODE = own(RoutesKeys.IGNORE_MODE);
  private static final Option<Unmatched> UNMATCHED = own(RoutesKeys.UNMATCHED);
  private static final Option<Character> WILDCARD_CHAR = own(RoutesKeys.WILDCARD_CHAR);
  private static final Option<Integer> MAX_CARDINALITY =
      own(RoutesKeys.MAX_PATH_SEGMENT_CARDINALITY);

  static final List<Option<?>> ALL =
      List.of(
          INCOMING,
          OUTGOING,
          PATTERNS,
          IGNORED_PATTERNS,
          IGNORE_MODE,
          UNMATCHED,
          WILDCARD_CHAR,
          MAX_CARDINALITY);

  private RouteEntryKeys() {}

  private static <T> Option<T> own(Option<T> ofAll) {
    return Option.of(
        ofAll.key(), Type.optional(ofAll.type()), "\"\"", "for it, in place of that of all");
  }

  /** Empty when the entry says nothing of routes. */
  static Optional<RouteOverrides> overrides(Values own) {
    RouteOverrides overrides =
        new RouteOverrides(
            join(own.get(INCOMING), own.get(PATTERNS)),
            join(own.get(OUTGOING), own.get(PATTERNS)),
            Optional.ofNullable(own.get(IGNORED_PATTERNS)),
            Optional.ofNullable(own.get(IGNORE_MODE)),
            Optional.ofNullable(own.get(UNMATCHED)),
            Optional.ofNullable(own.get(WILDCARD_CHAR)),
            Optional.ofNullable(own.get(MAX_CARDINALITY)));
    return overrides.equals(RouteOverrides.NONE) ? Optional.empty() : Optional.of(overrides);
  }

  private static List<String> join(List<String> first, List<String> second) {
    List<String> joined = new ArrayList<>(first);
    joined.addAll(second);
    return joined;
  }
}
