package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.semconv.ServiceAttributes;
import io.sonde.pipeline.Instrumentation;
import io.sonde.pipeline.MetricsConfig;
import io.sonde.pipeline.MetricsConfig.ExemplarFilter;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.ExchangeSink;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.RpcExchange;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.identity.ServiceOverrides;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import io.sonde.pipeline.linking.Trace;
import io.sonde.pipeline.linking.TraceSink;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Histograms of all observed services, as one output wants them, or several that want the same.
 *
 * <p>The account adds up exactly: {@code in} counts every exchange, {@code out} those recorded in a
 * series of their own, {@link LossCause#SERIES_LIMIT} those recorded in an overflow series (so they
 * are in the sums, but not told apart): beyond the limit of their service, beyond that of all
 * services together, or of more services than are kept.
 *
 * <p>A service instance is its name, namespace and instance id. Another {@link Service} object with
 * the same three (the capture process was restarted, or the process made an exec) goes on with the
 * series, since receivers could not tell the two apart either.
 */
public final class MetricStore implements ExchangeSink, TraceSink {
  /**
   * Attribute sets of all services together; one costs some 0.6 KB here and 11 KB on the page, and
   * 0.2 KB more for each bucket of durations that has an exemplar.
   */
  static final int MAX_SERIES = 4_000;

  /** More would have to make requests within one TTL, such as a script that starts curl. */
  static final int MAX_SERVICES = 4_096;

  private record InstanceKey(String name, String namespace, String instanceId) {
    static InstanceKey of(Service service) {
      return new InstanceKey(service.name(), service.namespace(), service.instanceId());
    }
  }

  /** Stands for the services beyond {@link #MAX_SERVICES}; known by the overflow attribute. */
  private static final Service OTHERS =
      new Service(
          "unknown_service",
          "",
          "",
          "",
          0,
          Resource.create(Attributes.of(ServiceAttributes.SERVICE_NAME, "unknown_service")),
          ServiceOverrides.NONE);

  private final int limit;
  private final MetricsConfig config;
  private final Account account;
  private final Folding folding;
  private final Map<Instrument, Shape> shapes;
  private final boolean delta;

  private final Object lock = new Object();
  // All below are guarded by the lock. The first has exactly one entry per entry of the second.
  private final Map<Service, ServiceSeries> byService = new IdentityHashMap<>();
  private final Map<InstanceKey, ServiceSeries> byInstance = new HashMap<>();
  private final SeriesRoom room = new SeriesRoom(MAX_SERIES);
  private final ServiceSeries others;
  private final HttpSeriesKey httpLookup = new HttpSeriesKey();
  private final RpcSeriesKey rpcLookup = new RpcSeriesKey();
  private final Function<HttpExchange, SeriesKey> httpKey = httpLookup::set;
  private final Function<RpcExchange, SeriesKey> rpcKey = rpcLookup::set;
  private long collectedUnixNs = Long.MIN_VALUE;

  /**
   * @param maxSeriesPerServiceAndInstrument at least 1; the overflow series is not counted
   * @param account of stage {@code metrics}
   * @param folding is told what overflows
   */
  public MetricStore(
      int maxSeriesPerServiceAndInstrument,
      MetricsConfig config,
      Account account,
      Folding folding) {
    this.limit = maxSeriesPerServiceAndInstrument;
    this.config = config;
    this.account = account;
    this.folding = folding;
    this.shapes = Shape.all(config);
    this.delta = config.temporality().deltaOfHistograms();
    this.others = newSeries(OTHERS);
  }

  /** Counts an exchange that has no span to be found by. */
  @Override
  public void accept(Exchange exchange) {
    record(exchange, null);
  }

  /** Counts an exchange; its span becomes an exemplar of its duration, where such are wanted. */
  @Override
  public boolean accept(Trace trace) {
    boolean exemplar =
        switch (config.exemplars()) {
          case ALWAYS_ON -> true;
          case ALWAYS_OFF -> false;
          case TRACE_BASED -> trace.sampled();
        };
    record(trace.exchange(), exemplar ? trace : null);
    return true;
  }

  @Override
  public boolean takesUnsampled() {
    return true;
  }

  /** Whether also spans that are not exported are to be exemplars. */
  public boolean wantsAnySpan() {
    return config.exemplars() == ExemplarFilter.ALWAYS_ON;
  }

  private void record(Exchange exchange, Trace trace) {
    account.in(1);
    boolean apart;
    LossCause withheld =
        isWanted(exchange)
            ? exchange.service().withheld(Export.METRICS)
            : LossCause.NOT_TO_BE_EXPORTED;
    if (withheld != null) {
      account.lost(withheld, 1);
      return;
    }
    synchronized (lock) {
      ServiceSeries series = series(exchange.service());
      if (series == null) {
        others.recordOverflow(exchange, trace);
        apart = false;
      } else {
        apart = series.record(exchange.match(httpKey, rpcKey), exchange, trace);
      }
    }
    if (apart) {
      account.out(1);
    } else {
      account.lost(LossCause.SERIES_LIMIT, 1);
    }
  }

  private boolean isWanted(Exchange exchange) {
    return !config.features().isEmpty()
        && config.instrumentations().contains(Instrumentation.of(exchange));
  }

  /**
   * Everything counted since each series began or, as delta, since the last call: one metric per
   * service and instrument. Can be called by any thread, as delta by one at a time, and holds up
   * {@link #accept} only for the time to copy one service.
   *
   * @param nowUnixNs end time of the points
   */
  public Collection<MetricData> collect(long nowUnixNs) {
    List<ServiceSeries> services;
    long sinceUnixNs;
    synchronized (lock) {
      services = new ArrayList<>(byInstance.values());
      if (!delta) { // what it counted since the last call is not told elsewhere
        services.removeIf(s -> s.service().withheld(Export.METRICS) == LossCause.TOLD_BY_SDK);
      }
      services.add(others);
      sinceUnixNs = delta ? collectedUnixNs : Long.MIN_VALUE;
      collectedUnixNs = nowUnixNs;
    }
    List<MetricData> metrics = new ArrayList<>();
    for (ServiceSeries service : services) {
      synchronized (lock) {
        metrics.addAll(service.collect(new PointCollector(delta, sinceUnixNs, nowUnixNs)));
      }
    }
    return metrics;
  }

  /**
   * Forgets series that no call has seen used for longer than the configured time, and services
   * without series. Can be called by any thread; several times in that time, since it is measured
   * between calls.
   *
   * @param nowMonotonicNs any monotonic clock, always the same
   */
  public void expire(long nowMonotonicNs) {
    long ttlNs = config.ttl().toNanos();
    synchronized (lock) {
      others.expire(nowMonotonicNs, ttlNs, delta);
      byInstance
          .values()
          .removeIf(
              service -> {
                service.expire(nowMonotonicNs, ttlNs, delta);
                if (service.isEmpty()) {
                  byService.remove(service.service());
                }
                return service.isEmpty();
              });
    }
  }

  private ServiceSeries newSeries(Service service) {
    Folding.OfService its = folding.of(service.namespace(), service.name());
    return new ServiceSeries(service, limit, room, shapes, config, its);
  }

  /** Makes no garbage for a service that was seen before. Null: no room for another service. */
  private ServiceSeries series(Service service) {
    ServiceSeries known = byService.get(service);
    if (known != null) {
      return known;
    }
    InstanceKey key = InstanceKey.of(service);
    ServiceSeries series = byInstance.get(key);
    if (series == null) {
      if (byInstance.size() == MAX_SERVICES) {
        return null;
      }
      series = newSeries(service);
      byInstance.put(key, series);
    }
    byService.remove(series.service());
    series.describedBy(service);
    byService.put(service, series);
    return series;
  }
}
