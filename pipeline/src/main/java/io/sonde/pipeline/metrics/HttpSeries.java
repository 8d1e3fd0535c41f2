package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.linking.Trace;
import java.util.List;
import java.util.Map;

/** The three histograms of one attribute set. Guarded by the store's lock. */
final class HttpSeries {
  private final Attributes attributes;
  private final long startUnixNs;
  private final Histogram duration;
  private final Histogram requestSize;
  private final Histogram responseSize;
  private boolean used;
  private long idleSinceNs;

  /**
   * @param startUnixNs from when on it counts
   */
  HttpSeries(Role role, Map<Instrument, Shape> shapes, Attributes attributes, long startUnixNs) {
    List<Instrument> instruments = Instrument.of(role);
    this.attributes = attributes;
    this.startUnixNs = startUnixNs;
    this.duration = new Histogram(shapes.get(instruments.get(0)));
    this.requestSize = new Histogram(shapes.get(instruments.get(1)));
    this.responseSize = new Histogram(shapes.get(instruments.get(2)));
  }

  /**
   * @param trace of the exchange if its span is to be found by this, else null
   */
  void record(HttpExchange exchange, Trace trace) {
    used = true;
    // The two ends are stamped by different probes; a cumulative sum must not go down.
    duration.record(Math.max(0, exchange.timing().durationNs()), trace);
    if (exchange.requestBodyBytes() >= 0) {
      requestSize.record(exchange.requestBodyBytes());
    }
    if (exchange.responseBodyBytes() >= 0) {
      responseSize.record(exchange.responseBodyBytes());
    }
  }

  /**
   * Whether nothing was recorded for longer than {@code ttlNs}, as seen by the calls of this
   * method: the hot path reads no clock.
   *
   * @param ifTold not while there is something that the next collection would tell first
   */
  boolean expired(long nowNs, long ttlNs, boolean ifTold) {
    if (used) {
      used = false;
      idleSinceNs = nowNs;
    }
    return nowNs - idleSinceNs > ttlNs
        && !(ifTold && histograms().stream().anyMatch(histogram -> !histogram.isEmpty()));
  }

  Attributes attributes() {
    return attributes;
  }

  long startUnixNs() {
    return startUnixNs;
  }

  List<Histogram> histograms() {
    return List.of(duration, requestSize, responseSize);
  }
}
