package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.linking.FormerNames;
import io.sonde.pipeline.linking.Trace;
import java.util.List;
import java.util.Map;

/**
 * The three histograms of one attribute set, once more by their former names if these are wanted.
 * Guarded by the store's lock.
 */
final class HttpSeries {
  private final Attributes attributes;
  private final Attributes formerAttributes; // null where former names are not wanted
  private final long startUnixNs;
  private final List<Histogram> stable;
  private final List<Histogram> former;
  private boolean used;
  private long idleSinceNs;

  /**
   * @param startUnixNs from when on it counts
   */
  HttpSeries(Role role, Map<Instrument, Shape> shapes, Attributes attributes, long startUnixNs) {
    this.attributes = attributes;
    this.startUnixNs = startUnixNs;
    this.stable = histograms(Instrument.of(role), shapes);
    boolean both = shapes.containsKey(Instrument.formerOf(role).get(0));
    this.former = both ? histograms(Instrument.formerOf(role), shapes) : List.of();
    this.formerAttributes = both ? FormerNames.of(role, attributes) : null;
  }

  private static List<Histogram> histograms(
      List<Instrument> instruments, Map<Instrument, Shape> shapes) {
    return instruments.stream().map(instrument -> new Histogram(shapes.get(instrument))).toList();
  }

  /**
   * @param trace of the exchange if its span is to be found by this, else null
   */
  void record(HttpExchange exchange, Trace trace) {
    used = true;
    record(stable, exchange, trace);
    if (!former.isEmpty()) {
      record(former, exchange, trace);
    }
  }

  private static void record(List<Histogram> histograms, HttpExchange exchange, Trace trace) {
    // The two ends are stamped by different probes; a cumulative sum must not go down.
    histograms.get(0).record(Math.max(0, exchange.timing().durationNs()), trace);
    if (exchange.requestBodyBytes() >= 0) {
      histograms.get(1).record(exchange.requestBodyBytes());
    }
    if (exchange.responseBodyBytes() >= 0) {
      histograms.get(2).record(exchange.responseBodyBytes());
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
    return stable;
  }

  /** The same by their former names; empty where these are not wanted. */
  List<Histogram> formerHistograms() {
    return former;
  }

  Attributes formerAttributes() {
    return formerAttributes;
  }
}
