package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.sonde.pipeline.MetricsConfig.Feature;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.linking.Trace;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is told of the spans with one name, kind and status. Guarded by the store's lock. */
final class SpanSeries {
  private final Attributes attributes;
  private final long startUnixNs;
  private final List<Histogram> latencies = new ArrayList<>();
  private final Map<SpanCounter, Long> counters = new EnumMap<>(SpanCounter.class);
  private boolean used;
  private long idleSinceNs;

  SpanSeries(
      Set<Feature> features,
      Map<Instrument, Shape> shapes,
      Attributes attributes,
      long startUnixNs) {
    this.attributes = attributes;
    this.startUnixNs = startUnixNs;
    if (features.contains(Feature.APPLICATION_SPAN)) {
      latencies.add(new Histogram(shapes.get(Instrument.SPAN_LATENCY)));
    }
    if (features.contains(Feature.APPLICATION_SPAN_OTEL)) {
      latencies.add(new Histogram(shapes.get(Instrument.SPAN_DURATION)));
    }
    for (SpanCounter counter : SpanCounter.values()) {
      if (features.contains(counter.feature())) {
        counters.put(counter, 0L);
      }
    }
  }

  /**
   * @param trace see {@link Histogram#record(long, Trace)}
   */
  void record(Exchange exchange, Trace trace) {
    used = true;
    long durationNs = Math.max(0, exchange.timing().durationNs());
    latencies.forEach(latency -> latency.record(durationNs, trace));
    add(SpanCounter.CALLS, 1);
    add(SpanCounter.OTEL_CALLS, 1);
    add(SpanCounter.REQUEST_SIZE, Math.max(0, exchange.requestBytes()));
    add(SpanCounter.RESPONSE_SIZE, Math.max(0, exchange.responseBytes()));
  }

  private void add(SpanCounter counter, long n) {
    counters.computeIfPresent(counter, (c, total) -> total + n);
  }

  /** Of a delta: what is counted next is the first. */
  void resetCounters() {
    counters.replaceAll((counter, total) -> 0L);
  }

  /** See {@link ExchangeSeries#expired}. */
  boolean expired(long nowNs, long ttlNs, boolean ifTold) {
    if (used) {
      used = false;
      idleSinceNs = nowNs;
    }
    return nowNs - idleSinceNs > ttlNs
        && !(ifTold && counters.values().stream().anyMatch(total -> total != 0));
  }

  Attributes attributes() {
    return attributes;
  }

  long startUnixNs() {
    return startUnixNs;
  }

  List<Histogram> latencies() {
    return latencies;
  }

  Map<SpanCounter, Long> counters() {
    return counters;
  }
}
