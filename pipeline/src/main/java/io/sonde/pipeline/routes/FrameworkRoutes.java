package io.sonde.pipeline.routes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The routes that frameworks told of, read once. Not thread-safe. */
final class FrameworkRoutes {
  private static final int KEPT = 1024;

  private final Map<String, Optional<FrameworkRoute>> read =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<FrameworkRoute>> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * The last one that matches: of routers within each other, the innermost.
   *
   * @param told in this order
   * @return null when none does
   */
  String find(List<String> told, String path) {
    for (int i = told.size() - 1; i >= 0; i--) {
      Optional<FrameworkRoute> route =
          read.computeIfAbsent(
              told.get(i), text -> Optional.ofNullable(FrameworkRoute.parse(text)));
      if (route.isPresent() && route.get().matches(path)) {
        return route.get().text();
      }
    }
    return null;
  }
}
