package io.sonde.pipeline.accounting;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What is told under a common name because a budget of its service is used up, by service and
 * budget; the log says so when it first happens. Safe for use by many threads.
 */
public final class Folding {
  private static final Logger LOG = Logger.getLogger(Folding.class.getName());

  /** More services than these are counted together: whoever starts programs names them. */
  static final int MAX_SERVICES = 1_024;

  /** At most one line in this time: many services may reach a budget at once. */
  static final long QUIET_NS = 1_000_000_000;

  private static final String OTHERS = "others";

  /** A budget. Lower-case name = label value of the self-metric. */
  public enum Kind {
    SERIES(
        "more than @ metric series per instrument",
        "are counted in one series with otel.metric.overflow=true",
        "limits.series_per_service, or routes.patterns"),
    SERIES_ALL_SERVICES(
        "no room for more metric series: all services together have @",
        "are counted in one series with otel.metric.overflow=true",
        "routes.patterns, or discovery for fewer services"),
    ROUTES(
        "more than @ different routes",
        "have the route /**",
        "routes.patterns, or limits.routes_per_service"),
    ROUTES_4XX(
        "more than @ different routes that only 4xx were answered to",
        "have the route /**",
        "routes.patterns, or limits.routes_per_service"),
    RPC_METHODS(
        "more than @ different RPC methods",
        "are told as the method _OTHER",
        "limits.routes_per_service"),
    RPC_METHODS_UNIMPLEMENTED(
        "more than @ different RPC methods that were never answered but with UNIMPLEMENTED",
        "are told as the method _OTHER",
        "limits.routes_per_service"),
    SPAN_NAMES(
        "more than @ different span names",
        "are named by their method alone",
        "limits.span_names_per_service, or routes.patterns");

    private final String what;
    private final String becomes;
    private final String remedy;

    Kind(String what, String becomes, String remedy) {
      this.what = what;
      this.becomes = becomes;
      this.remedy = remedy;
    }
  }

  private record Name(String namespace, String name) {}

  private final Map<Name, OfService> services = new LinkedHashMap<>(); // guarded by itself
  private long lastLineNs = System.nanoTime() - QUIET_NS; // guarded by services
  private int unsaid; // guarded by services

  /** The counters of one service; the same object for the same name. */
  public OfService of(String namespace, String name) {
    Name key = new Name(namespace, name);
    synchronized (services) {
      OfService known = services.get(key);
      if (known != null) {
        return known;
      }
      Name kept = services.size() < MAX_SERVICES ? key : new Name("", OTHERS);
      return services.computeIfAbsent(kept, n -> new OfService(n.name()));
    }
  }

  /** Of one service. */
  public final class OfService {
    private final String service;
    private final LongAdder[] counts = new LongAdder[Kind.values().length];
    private final boolean[] told = new boolean[Kind.values().length]; // guarded by services

    private OfService(String service) {
      this.service = service;
      for (int i = 0; i < counts.length; i++) {
        counts[i] = new LongAdder();
      }
    }

    /**
     * One more was told under the common name.
     *
     * @param budget that is used up
     */
    public void count(Kind kind, int budget) {
      LongAdder count = counts[kind.ordinal()];
      boolean first = count.sum() == 0;
      count.increment();
      if (first) {
        tell(kind, budget);
      }
    }

    private void tell(Kind kind, int budget) {
      long now = System.nanoTime();
      int others;
      synchronized (services) {
        if (told[kind.ordinal()]) {
          return;
        }
        told[kind.ordinal()] = true;
        if (now - lastLineNs < QUIET_NS) {
          unsaid++;
          return;
        }
        lastLineNs = now;
        others = unsaid;
        unsaid = 0;
      }
      LOG.log(
          Level.WARNING,
          "service {0} has {1}: further ones {2}; sonde_folded_total counts them. See {3}{4}",
          new Object[] {
            service,
            kind.what.replace("@", Integer.toString(budget)),
            kind.becomes,
            kind.remedy,
            others == 0 ? "" : " (as for " + others + " more that were not logged)"
          });
    }
  }

  SelfMetric metric() {
    Map<Name, OfService> all;
    synchronized (services) {
      all = new HashMap<>(services);
    }
    Map<Map<String, String>, Double> points = new LinkedHashMap<>();
    all.forEach(
        (name, counters) -> {
          for (Kind kind : Kind.values()) {
            long count = counters.counts[kind.ordinal()].sum();
            if (count > 0) {
              points.put(labels(name, kind), (double) count);
            }
          }
        });
    return SelfMetric.counter(
        "sonde_folded",
        "Exchanges told under a common name because a budget is used up, by the budget (kind) and the"
            + " service; of series, for each output that counts its own.",
        "",
        points);
  }

  private static Map<String, String> labels(Name name, Kind kind) {
    return Map.of(
        "service",
        name.name(),
        "namespace",
        name.namespace(),
        "kind",
        kind.name().toLowerCase(Locale.ROOT));
  }
}
