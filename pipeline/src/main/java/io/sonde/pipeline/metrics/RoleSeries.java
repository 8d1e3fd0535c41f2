package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.AttributeKey;
import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.accounting.Folding.Kind;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.linking.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The series of one service, of one kind of exchange in one role. Its instruments share their
 * attribute sets, so a limit on attribute sets is the limit on series per instrument. Guarded by
 * the store's lock.
 */
final class RoleSeries {
  /** OpenTelemetry metrics SDK specification, "Overflow attribute". */
  static final AttributeKey<Boolean> OVERFLOW = AttributeKey.booleanKey("otel.metric.overflow");

  private final Convention convention;
  private final int limit;
  private final SeriesRoom room;
  private final Folding.OfService folding;
  private final Map<SeriesKey, ExchangeSeries> byKey = new HashMap<>();
  private ExchangeSeries overflow;

  RoleSeries(Convention convention, int limit, SeriesRoom room, Folding.OfService folding) {
    this.convention = convention;
    this.limit = limit;
    this.room = room;
    this.folding = folding;
  }

  /** Returns false when it was recorded in the overflow series. */
  boolean record(SeriesKey key, Service service, Exchange exchange, Trace trace) {
    ExchangeSeries series = byKey.get(key);
    if (series == null && hasPlace()) {
      series =
          new ExchangeSeries(convention, key.attributes(service), exchange.timing().endedUnixNs());
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

  void recordOverflow(Service service, Exchange exchange, Trace trace) {
    if (overflow == null) {
      overflow =
          new ExchangeSeries(
              convention,
              SeriesKey.serviceAttributes(service).put(OVERFLOW, true).build(),
              exchange.timing().endedUnixNs());
    }
    overflow.record(exchange, trace);
  }

  List<ExchangeSeries> all() {
    List<ExchangeSeries> all = new ArrayList<>(byKey.values());
    if (overflow != null) {
      all.add(overflow);
    }
    return all;
  }

  /**
   * @param ifTold see {@link ExchangeSeries#expired}
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
