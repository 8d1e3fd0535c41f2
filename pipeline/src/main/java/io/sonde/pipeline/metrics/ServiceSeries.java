package io.sonde.pipeline.metrics;

import io.opentelemetry.sdk.metrics.data.MetricData;
import io.sonde.pipeline.MetricsConfig.Feature;
import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.linking.Trace;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All series of one service. Guarded by the store's lock. */
final class ServiceSeries {
  private Service service;
  private final RoleSeries server;
  private final RoleSeries client;
  private final boolean byConvention;
  private final SpanMetrics spans; // null where nobody wants them

  ServiceSeries(
      Service service,
      int limit,
      SeriesRoom room,
      Map<Instrument, Shape> shapes,
      Set<Feature> features,
      Folding.OfService folding) {
    this.service = service;
    this.server = new RoleSeries(Role.SERVER, limit, room, shapes, folding);
    this.client = new RoleSeries(Role.CLIENT, limit, room, shapes, folding);
    this.byConvention = features.contains(Feature.APPLICATION);
    this.spans =
        Set.of(Feature.APPLICATION).containsAll(features)
            ? null
            : new SpanMetrics(features, shapes, limit, room);
  }

  Service service() {
    return service;
  }

  /** The same service instance is described anew: its series go on. */
  void describedBy(Service newer) {
    service = newer;
  }

  /** Returns false when it was recorded in an overflow series. */
  boolean record(SeriesKey key, HttpExchange exchange, Trace trace) {
    boolean apart = !byConvention || of(exchange.role()).record(key, service, exchange, trace);
    return (spans == null || spans.record(service, exchange, trace)) && apart;
  }

  void recordOverflow(HttpExchange exchange, Trace trace) {
    if (byConvention) {
      of(exchange.role()).recordOverflow(service, exchange, trace);
    }
    if (spans != null) {
      spans.recordOverflow(service, exchange, trace);
    }
  }

  /** One metric per instrument that has anything to tell. */
  List<MetricData> collect(PointCollector into) {
    for (RoleSeries role : List.of(server, client)) {
      for (HttpSeries series : role.all()) {
        into.add(series);
      }
    }
    if (spans != null) {
      spans.all().forEach(into::add);
    }
    return into.metrics(service.resource());
  }

  /**
   * @param ifTold see {@link HttpSeries#expired}
   */
  void expire(long nowNs, long ttlNs, boolean ifTold) {
    server.expire(nowNs, ttlNs, ifTold);
    client.expire(nowNs, ttlNs, ifTold);
    if (spans != null) {
      spans.expire(nowNs, ttlNs, ifTold);
    }
  }

  boolean isEmpty() {
    return server.isEmpty() && client.isEmpty() && (spans == null || spans.isEmpty());
  }

  private RoleSeries of(Role role) {
    return role == Role.SERVER ? server : client;
  }
}
