package io.sonde.pipeline.metrics;

import io.opentelemetry.sdk.metrics.data.MetricData;
import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.linking.Trace;
import java.util.List;
import java.util.Map;

/** All series of one service. Guarded by the store's lock. */
final class ServiceSeries {
  private Service service;
  private final RoleSeries server;
  private final RoleSeries client;

  ServiceSeries(
      Service service,
      int limit,
      SeriesRoom room,
      Map<Instrument, Shape> shapes,
      Folding.OfService folding) {
    this.service = service;
    this.server = new RoleSeries(Role.SERVER, limit, room, shapes, folding);
    this.client = new RoleSeries(Role.CLIENT, limit, room, shapes, folding);
  }

  Service service() {
    return service;
  }

  /** The same service instance is described anew: its series go on. */
  void describedBy(Service newer) {
    service = newer;
  }

  /** Returns false when it was recorded in the overflow series. */
  boolean record(SeriesKey key, HttpExchange exchange, Trace trace) {
    return of(exchange.role()).record(key, service, exchange, trace);
  }

  void recordOverflow(HttpExchange exchange, Trace trace) {
    of(exchange.role()).recordOverflow(service, exchange, trace);
  }

  /** One metric per instrument that has anything to tell. */
  List<MetricData> collect(PointCollector into) {
    for (RoleSeries role : List.of(server, client)) {
      for (HttpSeries series : role.all()) {
        into.add(series);
      }
    }
    return into.metrics(service.resource());
  }

  /**
   * @param ifTold see {@link HttpSeries#expired}
   */
  void expire(long nowNs, long ttlNs, boolean ifTold) {
    server.expire(nowNs, ttlNs, ifTold);
    client.expire(nowNs, ttlNs, ifTold);
  }

  boolean isEmpty() {
    return server.isEmpty() && client.isEmpty();
  }

  private RoleSeries of(Role role) {
    return role == Role.SERVER ? server : client;
  }
}
