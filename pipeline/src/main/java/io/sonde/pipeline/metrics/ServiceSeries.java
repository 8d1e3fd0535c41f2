package io.sonde.pipeline.metrics;

import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.linking.Trace;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** All series of one service. Guarded by the store's lock. */
final class ServiceSeries {
  private Service service;
  private final RoleSeries server;
  private final RoleSeries client;

  ServiceSeries(Service service, int limit, SeriesRoom room) {
    this.service = service;
    this.server = new RoleSeries(Role.SERVER, limit, room);
    this.client = new RoleSeries(Role.CLIENT, limit, room);
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

  /** One metric per instrument that has counted anything. */
  List<MetricData> collect(long nowUnixNs) {
    Map<Instrument, List<HistogramPointData>> points = new EnumMap<>(Instrument.class);
    collect(server, nowUnixNs, points);
    collect(client, nowUnixNs, points);
    List<MetricData> metrics = new ArrayList<>(points.size());
    points.forEach((instrument, its) -> metrics.add(histogram(instrument, its)));
    return metrics;
  }

  private MetricData histogram(Instrument instrument, List<HistogramPointData> points) {
    return new CollectedMetric(
        service.resource(),
        instrument.metric(),
        instrument.description(),
        instrument.unit(),
        MetricDataType.HISTOGRAM,
        HistogramData.create(AggregationTemporality.CUMULATIVE, points));
  }

  void expire(long nowNs, long ttlNs) {
    server.expire(nowNs, ttlNs);
    client.expire(nowNs, ttlNs);
  }

  boolean isEmpty() {
    return server.isEmpty() && client.isEmpty();
  }

  private RoleSeries of(Role role) {
    return role == Role.SERVER ? server : client;
  }

  private static void collect(
      RoleSeries role, long nowUnixNs, Map<Instrument, List<HistogramPointData>> points) {
    for (HttpSeries series : role.all()) {
      // A clock that was set back must not make a point end before it starts.
      long start = Math.min(series.startUnixNs(), nowUnixNs);
      for (Histogram histogram : series.histograms()) {
        if (!histogram.isEmpty()) {
          points
              .computeIfAbsent(histogram.instrument(), i -> new ArrayList<>())
              .add(histogram.point(start, nowUnixNs, series.attributes()));
        }
      }
    }
  }
}
