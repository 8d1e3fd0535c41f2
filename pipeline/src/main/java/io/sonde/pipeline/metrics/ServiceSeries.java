package io.sonde.pipeline.metrics;

import io.opentelemetry.sdk.metrics.data.MetricData;
import io.sonde.pipeline.Instrumentation;
import io.sonde.pipeline.MetricsConfig;
import io.sonde.pipeline.MetricsConfig.Feature;
import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.linking.Trace;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** All series of one service. Guarded by the store's lock. */
final class ServiceSeries {
  private Service service;
  private final Map<Instrumentation, RoleSeries> server = new EnumMap<>(Instrumentation.class);
  private final Map<Instrumentation, RoleSeries> client = new EnumMap<>(Instrumentation.class);
  private final boolean byConvention;
  private final SpanMetrics spans; // null where nobody wants them

  ServiceSeries(
      Service service,
      int limit,
      SeriesRoom room,
      Map<Instrument, Shape> shapes,
      MetricsConfig config,
      Folding.OfService folding) {
    this.service = service;
    for (Instrumentation kind : Instrumentation.values()) {
      Convention served = Convention.of(kind, Role.SERVER, config.naming(), shapes);
      Convention called = Convention.of(kind, Role.CLIENT, config.naming(), shapes);
      server.put(kind, new RoleSeries(served, limit, room, folding));
      client.put(kind, new RoleSeries(called, limit, room, folding));
    }
    Set<Feature> features = config.features();
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
  boolean record(SeriesKey key, Exchange exchange, Trace trace) {
    boolean apart = !byConvention || of(exchange).record(key, service, exchange, trace);
    return (spans == null || spans.record(service, exchange, trace)) && apart;
  }

  void recordOverflow(Exchange exchange, Trace trace) {
    if (byConvention) {
      of(exchange).recordOverflow(service, exchange, trace);
    }
    if (spans != null) {
      spans.recordOverflow(service, exchange, trace);
    }
  }

  /** One metric per instrument that has anything to tell. */
  List<MetricData> collect(PointCollector into) {
    roles().forEach(role -> role.all().forEach(into::add));
    if (spans != null) {
      spans.all().forEach(into::add);
    }
    return into.metrics(service.resource());
  }

  /**
   * @param ifTold see {@link ExchangeSeries#expired}
   */
  void expire(long nowNs, long ttlNs, boolean ifTold) {
    roles().forEach(role -> role.expire(nowNs, ttlNs, ifTold));
    if (spans != null) {
      spans.expire(nowNs, ttlNs, ifTold);
    }
  }

  boolean isEmpty() {
    return roles().allMatch(RoleSeries::isEmpty) && (spans == null || spans.isEmpty());
  }

  private Stream<RoleSeries> roles() {
    return Stream.concat(server.values().stream(), client.values().stream());
  }

  private RoleSeries of(Exchange exchange) {
    return (exchange.role() == Role.SERVER ? server : client).get(Instrumentation.of(exchange));
  }
}
