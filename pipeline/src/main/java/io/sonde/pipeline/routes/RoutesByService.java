package io.sonde.pipeline.routes;

import io.sonde.pipeline.accounting.Folding;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known of the routes of each service, by its name and namespace: its instances share it,
 * and those that come after a restart go on with it. Safe for use by many threads.
 */
public final class RoutesByService {
  /** The one that was longest not asked for is forgotten for another. */
  static final int MAX_SERVICES = 1_024;

  /** Some 100 bytes each. */
  private static final int MAX_SEGMENTS = 30_000;

  record Name(String namespace, String name) {}

  private final SegmentRoom room = new SegmentRoom(MAX_SEGMENTS);
  private final int maxRoutes;
  private final int maxSpanNames;
  private final Folding folding;
  private final Map<Name, ServiceRoutes> services = // guarded by this
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, ServiceRoutes> eldest) {
          boolean full = size() > MAX_SERVICES;
          if (full) {
            eldest.getValue().forget();
          }
          return full;
        }
      };

  /**
   * @param maxRoutes different ones of a service in one role, without those of patterns; at least 1
   * @param maxSpanNames different ones of a service, at least 1
   */
  public RoutesByService(int maxRoutes, int maxSpanNames, Folding folding) {
    this.maxRoutes = maxRoutes;
    this.maxSpanNames = maxSpanNames;
    this.folding = folding;
  }

  synchronized ServiceRoutes of(String namespace, String name) {
    return services.computeIfAbsent(
        new Name(namespace, name),
        key -> new ServiceRoutes(room, maxRoutes, maxSpanNames, folding.of(namespace, name)));
  }

  synchronized void forgetAll() {
    services.values().forEach(ServiceRoutes::forget);
    services.clear();
  }

  synchronized Map<Name, ServiceRoutes> all() {
    return new LinkedHashMap<>(services);
  }
}
