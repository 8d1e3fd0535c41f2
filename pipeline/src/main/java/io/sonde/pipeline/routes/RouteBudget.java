package io.sonde.pipeline.routes;

/**
 * The different routes that were found for one service in one role, without a pattern: at most so
 * many, for as long as Sonde runs. Gives the same string for the same route, so that a known one
 * costs no garbage. Not thread-safe.
 *
 * <p>Routes that only 4xx were ever answered to get no more than a quarter of the places: whoever
 * asks for what does not exist chooses these.
 */
final class RouteBudget {
  private static final int DOUBTFUL_SHARE = 4;

  private final int limit;
  private final String[] routes; // open addressing, at most half full
  private final boolean[] doubtful; // in the same places
  private int size;
  private int doubtfuls;

  /**
   * @param limit at least 1
   */
  RouteBudget(int limit) {
    this.limit = limit;
    this.routes = new String[Integer.highestOneBit(limit) * 4];
    this.doubtful = new boolean[routes.length];
  }

  /**
   * The route as a string.
   *
   * @param answered not with 4xx
   * @return null when there is no place for it
   */
  String admit(CharSequence route, boolean answered) {
    int place = place(route);
    String known = routes[place];
    if (known != null) {
      if (answered && doubtful[place]) {
        doubtful[place] = false;
        doubtfuls--;
      }
      return known;
    }
    if (size == limit || !answered && doubtfuls >= doubtfulLimit()) {
      return null;
    }
    size++;
    doubtful[place] = !answered;
    doubtfuls += answered ? 0 : 1;
    routes[place] = route.toString();
    return routes[place];
  }

  /** Whether no route of any kind has a place any more. */
  boolean isFull() {
    return size == limit;
  }

  int limit() {
    return limit;
  }

  /** Of the places for routes that only 4xx were answered to. */
  int doubtfulLimit() {
    return Math.max(1, limit / DOUBTFUL_SHARE);
  }

  /** Where it is, or would be. */
  private int place(CharSequence route) {
    int hash = 0;
    for (int i = 0; i < route.length(); i++) {
      hash = 31 * hash + route.charAt(i);
    }
    int place = (hash ^ hash >>> 16) & routes.length - 1;
    while (routes[place] != null && !routes[place].contentEquals(route)) {
      place = place + 1 & routes.length - 1;
    }
    return place;
  }
}
