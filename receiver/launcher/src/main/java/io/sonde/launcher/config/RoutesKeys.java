package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.sonde;

import io.sonde.pipeline.identity.RouteSettings;
import io.sonde.pipeline.identity.RouteSettings.IgnoreMode;
import io.sonde.pipeline.identity.RouteSettings.Unmatched;
import io.sonde.pipeline.routes.RoutePattern;
import java.nio.file.Path;
import java.util.List;

/** How the routes of paths are found: Beyla's section {@code routes}. */
final class RoutesKeys {
  private static final Type<List<String>> PATTERN_LIST =
      Type.list(
          "a list of route patterns as [\"/user/{id}/info\", \"/user/:id\", \"/static/*\"]: a"
              + " variable is a whole segment, and * is one segment or, at the end, the rest",
          text -> RoutePattern.parse(text).text());

  static final Option<List<String>> PATTERNS =
      Option.of(
          "routes.patterns",
          PATTERN_LIST,
          "[]",
          "Routes of paths: \"/user/{id}/info\" or \"/user/:id/info\", where a variable stands for"
              + " one segment, and \"/static/*\", where * at the end stands for any rest. Of several"
              + " that match, the most specific one is the route: compared from the left, a segment"
              + " that is written out goes before a variable, and that before the rest.");

  static final Option<List<String>> IGNORED_PATTERNS =
      Option.of(
          "routes.ignored_patterns",
          PATTERN_LIST,
          "[]",
          "Tell nothing of requests whose path matches one of these; that of a call over gRPC is"
              + " /package.Service/Method. They are counted in sonde_exchanges_untold_total.");

  static final Option<IgnoreMode> IGNORE_MODE =
      Option.of(
          "routes.ignore_mode",
          ChoiceTypes.choice(IgnoreMode.class, name -> name),
          "all",
          "What tells nothing of them: metrics, traces, or all.");

  static final Option<Unmatched> UNMATCHED =
      Option.of(
          "routes.unmatched",
          ChoiceTypes.choice(Unmatched.class, name -> name.replace('_', '-')),
          "low-cardinality",
          "The route of a path that no pattern matches. unset: none; path: the path; wildcard: /**;"
              + " heuristic: the path, with a wildcard for each segment that looks like data;"
              + " low-cardinality: and with one for segments that vary more than"
              + " max_path_segment_cardinality, learned for each service.");

  static final Option<Character> WILDCARD_CHAR =
      Option.of(
          "routes.wildcard_char",
          TextTypes.WILDCARD,
          "\"*\"",
          "Stands for a segment that varies in the routes of heuristic and low-cardinality.");

  static final Option<Integer> MAX_PATH_SEGMENT_CARDINALITY =
      Option.of(
          "routes.max_path_segment_cardinality",
          NumberTypes.number(1, 1000),
          Integer.toString(RouteSettings.DEFAULT.maxPathSegmentCardinality()),
          "With low-cardinality: more different segments than these at one place of a service's paths"
              + " become a wildcard, from then on. The series of the routes before it end; no request"
              + " is counted twice. What is answered with 4xx teaches nothing.");

  static final Option<Path> STATE_DIRECTORY =
      Option.of(
          "routes.state_directory",
          Type.optional(TextTypes.FILE),
          "\"\"",
          "Keep what low-cardinality has learned in this directory, which must belong to Sonde's user,"
              + " so that a restart goes on with it. Empty: in systemd's STATE_DIRECTORY, as the unit"
              + " in systemd/ has one; without that it is not kept.",
          sonde("ROUTES_STATE_DIRECTORY"));

  /** In the order of the reference file. */
  static final List<Option<?>> ALL =
      List.of(
          PATTERNS,
          IGNORED_PATTERNS,
          IGNORE_MODE,
          UNMATCHED,
          WILDCARD_CHAR,
          MAX_PATH_SEGMENT_CARDINALITY,
          STATE_DIRECTORY);

  private RoutesKeys() {}

  static RouteSettings settings(Values values) {
    return new RouteSettings(
        values.get(PATTERNS),
        values.get(PATTERNS),
        values.get(IGNORED_PATTERNS),
        values.get(IGNORE_MODE),
        values.get(UNMATCHED),
        values.get(WILDCARD_CHAR),
        values.get(MAX_PATH_SEGMENT_CARDINALITY));
  }
}
