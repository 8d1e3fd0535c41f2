package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.linking.Trace;
import java.util.List;

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
  HttpSeries(Role role, Attributes attributes, long startUnixNs) {
    boolean server = role == Role.SERVER;
    this.attributes = attributes;
    this.startUnixNs = startUnixNs;
    this.duration =
        new Histogram(
            server
                ? Instrument.HTTP_SERVER_REQUEST_DURATION
                : Instrument.HTTP_CLIENT_REQUEST_DURATION);
    this.requestSize =
        new Histogram(
            server
                ? Instrument.HTTP_SERVER_REQUEST_BODY_SIZE
                : Instrument.HTTP_CLIENT_REQUEST_BODY_SIZE);
    this.responseSize =
        new Histogram(
            server
                ? Instrument.HTTP_SERVER_RESPONSE_BODY_SIZE
                : Instrument.HTTP_CLIENT_RESPONSE_BODY_SIZE);
  }

  /**
   * @param trace of the exchange if its span is exported, else null
   */
  void record(HttpExchange exchange, Trace trace) {
    used = true;
    // The two ends are stamped by different probes; a cumulative sum must not go down.
    long durationNs = Math.max(0, exchange.timing().durationNs());
    if (trace == null) {
      duration.record(durationNs);
    } else {
      duration.record(durationNs, trace);
    }
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
   */
  boolean expired(long nowNs, long ttlNs) {
    if (used) {
      used = false;
      idleSinceNs = nowNs;
    }
    return nowNs - idleSinceNs > ttlNs;
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
