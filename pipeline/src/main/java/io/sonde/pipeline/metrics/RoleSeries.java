package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.AttributeKey;
import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.accounting.Folding.Kind;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.linking.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The series of one service in one role. The three instruments of a role share their attribute
 * sets, so a limit on attribute sets is the limit on series per instrument. Guarded by the store's
 * lock.
 */
final class RoleSeries {
  /** OpenTelemetry metrics SDK specification, "Overflow attribute". */
  static final AttributeKey<Boolean> OVERFLOW = AttributeKey.booleanKey("otel.metric.overflow");

  private final Role role;
  private final int limit;
  private final SeriesRoom room;
  private final Map<Instrument, Shape> shapes;
  private final Folding.OfService folding;
  private final Map<SeriesKey, HttpSeries> byKey = new HashMap<>();
  private HttpSeries overflow;

  RoleSeries(
      Role role,
      int limit,
      SeriesRoom room,
      Map<Instrument, Shape> shapes,
      Folding.OfService folding) {
    this.role = role;
    this.limit = limit;
    this.room = room;
    this.shapes = shapes;
    this.folding = folding;
  }

  /** Returns false when it was recorded in the overflow series. */
  boolean record(SeriesKey key, Service service, HttpExchange exchange, Trace trace) {
    HttpSeries series = byKey.get(key);
    if (series == null && hasPlace()) {
      series =
          new HttpSeries(role, shapes, key.attributes(service), exchange.timing().endedUnixNs());
      byKey.put(key.copy(), series);
    }
    if (series == null) {
      recordOverflow(service, exchange, trace);
      return false;
    }
    series.record(exchange, trace);
    return true;
  }

  private boolean hasPlace() {
    if (byKey.size() >= limit) {
      folding.count(Kind.SERIES, limit);
      return false;
    }
    if (!room.take()) {
      folding.count(Kind.SERIES_ALL_SERVICES, MetricStore.MAX_SERIES);
      return false;
    }
    return true;
  }

  void recordOverflow(Service service, HttpExchange exchange, Trace trace) {
    if (overflow == null) {
      overflow =
          new HttpSeries(
              role,
              shapes,
              SeriesKey.serviceAttributes(service).put(OVERFLOW, true).build(),
              exchange.timing().endedUnixNs());
    }
    overflow.record(exchange, trace);
  }

  List<HttpSeries> all() {
    List<HttpSeries> all = new ArrayList<>(byKey.values());
    if (overflow != null) {
      all.add(overflow);
    }
    return all;
  }

  /**
   * @param ifTold see {@link HttpSeries#expired}
   */
  void expire(long nowNs, long ttlNs, boolean ifTold) {
    int before = byKey.size();
    byKey.values().removeIf(series -> series.expired(nowNs, ttlNs, ifTold));
    room.giveBack(before - byKey.size());
    if (overflow != null && overflow.expired(nowNs, ttlNs, ifTold)) {
      overflow = null;
    }
  }

  boolean isEmpty() {
    return byKey.isEmpty() && overflow == null;
  }
}
