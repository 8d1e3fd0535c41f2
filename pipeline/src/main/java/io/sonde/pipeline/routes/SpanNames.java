package io.sonde.pipeline.routes;

import io.sonde.pipeline.exchange.HttpExchange;
import java.util.HashMap;
import java.util.Map;

/**
 * The span names of one service: method and route, as the semantic conventions for HTTP say, at
 * most so many for as long as Sonde runs; beyond, the method alone, which is always allowed. A
 * known name costs no garbage. Not thread-safe.
 */
final class SpanNames {
  /** Semantic conventions: of a method that is not known. */
  private static final String OTHER_METHOD = "HTTP";

  private final int limit;
  private final Map<String, Map<String, String>> byRoute = new HashMap<>();
  private int size;

  /**
   * @param limit at least 1
   */
  SpanNames(int limit) {
    this.limit = limit;
  }

  int limit() {
    return limit;
  }

  /** Of an exchange without a route, or beyond the limit. */
  static String withoutRoute(HttpExchange http) {
    return http.hasKnownMethod() ? http.method() : OTHER_METHOD;
  }

  /**
   * @return null when there is no place for it
   */
  String of(HttpExchange http, String route) {
    String method = withoutRoute(http);
    Map<String, String> names = byRoute.get(route);
    String known = names == null ? null : names.get(method);
    if (known != null || size == limit) {
      return known;
    }
    size++;
    String name = method + " " + route;
    byRoute.computeIfAbsent(route, r -> new HashMap<>(4)).put(method, name);
    return name;
  }
}
