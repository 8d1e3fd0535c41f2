package io.sonde.pipeline.routes;

import io.sonde.pipeline.identity.RouteSettings;

/** The routes of one service in one role that no pattern gives. Not thread-safe. */
final class FoundRoutes {
  private static final LearnedPaths NOTHING_LEARNED = new LearnedPaths(new SegmentRoom(0));

  private final LearnedPaths learned;
  private final RouteBudget budget;
  private final StringBuilder buffer = new StringBuilder();

  FoundRoutes(LearnedPaths learned, int budget) {
    this.learned = learned;
    this.budget = new RouteBudget(budget);
  }

  LearnedPaths learned() {
    return learned;
  }

  RouteBudget budget() {
    return budget;
  }

  /**
   * @param path complete, begins with a slash
   * @param answered not with 4xx
   * @return null when the budget has no place for it
   */
  String find(RouteSettings settings, String path, boolean answered) {
    buffer.setLength(0);
    char wildcard = settings.wildcard();
    int maxWords = settings.maxPathSegmentCardinality();
    switch (settings.unmatched()) {
      case LOW_CARDINALITY -> learned.route(path, answered, maxWords, wildcard, buffer);
      case HEURISTIC -> NOTHING_LEARNED.route(path, false, maxWords, wildcard, buffer);
      case PATH -> {
        return budget.admit(path, answered);
      }
      default -> throw new IllegalStateException(settings.unmatched() + " finds no routes");
    }
    return budget.admit(buffer, answered);
  }
}
