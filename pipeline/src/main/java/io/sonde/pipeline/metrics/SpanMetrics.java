package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.semconv.TelemetryAttributes;
import io.sonde.pipeline.MetricsConfig.Feature;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.linking.Trace;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Beyla's metrics of the spans of one service. Guarded by the store's lock. */
final class SpanMetrics {
  /** Beyla's name for all spans beyond the limit. */
  static final String OTHERS = "AGGREGATED";

  private record Key(Role role, String name, boolean error) {}

  private final Set<Feature> features;
  private final Map<Instrument, Shape> shapes;
  private final int limit;
  private final SeriesRoom room;
  private final Map<Key, SpanSeries> byKey = new HashMap<>();

  /**
   * @param limit on span names, kinds and statuses
   */
  SpanMetrics(Set<Feature> features, Map<Instrument, Shape> shapes, int limit, SeriesRoom room) {
    this.features = features;
    this.shapes = shapes;
    this.limit = limit;
    this.room = room;
  }

  /** Returns false when it was counted among those beyond the limit. */
  boolean record(Service service, Exchange exchange, Trace trace) {
    Key key = new Key(exchange.role(), exchange.spanName(), exchange.errorType() != null);
    SpanSeries series = byKey.get(key);
    if (series == null && byKey.size() < limit && room.take()) {
      series = series(service, key, exchange);
      byKey.put(key, series);
    }
    if (series == null) {
      recordOverflow(service, exchange, trace);
      return false;
    }
    series.record(exchange, trace);
    return true;
  }

  /** The four series there can be of the rest take no room. */
  void recordOverflow(Service service, Exchange exchange, Trace trace) {
    Key rest = new Key(exchange.role(), OTHERS, exchange.errorType() != null);
    byKey.computeIfAbsent(rest, key -> series(service, key, exchange)).record(exchange, trace);
  }

  private SpanSeries series(Service service, Key key, Exchange first) {
    Attributes attributes =
        SeriesKey.serviceAttributes(service)
            .put(AttributeKey.stringKey("span.name"), key.name())
            .put(AttributeKey.stringKey("span.kind"), "SPAN_KIND_" + key.role())
            .put(
                AttributeKey.stringKey("status.code"),
                key.error() ? "STATUS_CODE_ERROR" : "STATUS_CODE_UNSET")
            .put(AttributeKey.stringKey("source"), "sonde")
            .put(
                TelemetryAttributes.TELEMETRY_SDK_LANGUAGE.getKey(),
                service.language().isEmpty() ? null : service.language())
            .build();
    return new SpanSeries(features, shapes, attributes, first.timing().endedUnixNs());
  }

  Collection<SpanSeries> all() {
    return byKey.values();
  }

  void expire(long nowNs, long ttlNs, boolean ifTold) {
    byKey
        .entrySet()
        .removeIf(
            entry -> {
              boolean expired = entry.getValue().expired(nowNs, ttlNs, ifTold);
              if (expired && !entry.getKey().name().equals(OTHERS)) {
                room.giveBack(1);
              }
              return expired;
            });
  }

  boolean isEmpty() {
    return byKey.isEmpty();
  }
}
