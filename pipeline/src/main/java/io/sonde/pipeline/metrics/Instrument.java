package io.sonde.pipeline.metrics;

import io.sonde.pipeline.MetricsConfig.Buckets;
import io.sonde.pipeline.event.Role;
import java.util.List;
import java.util.function.Function;

/**
 * Histograms: those of the OpenTelemetry HTTP conventions, stable and as they were before (1.20),
 * and Beyla's of spans.
 */
enum Instrument {
  HTTP_SERVER_REQUEST_DURATION(
      "http.server.request.duration",
      "Duration of HTTP server requests.",
      "s",
      1e9,
      Buckets::durations),
  HTTP_SERVER_REQUEST_BODY_SIZE(
      "http.server.request.body.size",
      "Size of HTTP server request bodies.",
      "By",
      1,
      Buckets::requestSizes),
  HTTP_SERVER_RESPONSE_BODY_SIZE(
      "http.server.response.body.size",
      "Size of HTTP server response bodies.",
      "By",
      1,
      Buckets::responseSizes),
  HTTP_CLIENT_REQUEST_DURATION(
      "http.client.request.duration",
      "Duration of HTTP client requests.",
      "s",
      1e9,
      Buckets::durations),
  HTTP_CLIENT_REQUEST_BODY_SIZE(
      "http.client.request.body.size",
      "Size of HTTP client request bodies.",
      "By",
      1,
      Buckets::requestSizes),
  HTTP_CLIENT_RESPONSE_BODY_SIZE(
      "http.client.response.body.size",
      "Size of HTTP client response bodies.",
      "By",
      1,
      Buckets::responseSizes),
  HTTP_SERVER_DURATION(
      "http.server.duration",
      "Duration of HTTP server requests.",
      "ms",
      1e6,
      Instrument::milliseconds),
  HTTP_SERVER_REQUEST_SIZE(
      "http.server.request.size",
      "Size of HTTP server request bodies.",
      "By",
      1,
      Buckets::requestSizes),
  HTTP_SERVER_RESPONSE_SIZE(
      "http.server.response.size",
      "Size of HTTP server response bodies.",
      "By",
      1,
      Buckets::responseSizes),
  HTTP_CLIENT_DURATION(
      "http.client.duration",
      "Duration of HTTP client requests.",
      "ms",
      1e6,
      Instrument::milliseconds),
  HTTP_CLIENT_REQUEST_SIZE(
      "http.client.request.size",
      "Size of HTTP client request bodies.",
      "By",
      1,
      Buckets::requestSizes),
  HTTP_CLIENT_RESPONSE_SIZE(
      "http.client.response.size",
      "Size of HTTP client response bodies.",
      "By",
      1,
      Buckets::responseSizes),
  SPAN_LATENCY("traces_spanmetrics_latency", "Duration of spans.", "s", 1e9, Buckets::durations),
  SPAN_DURATION("traces.span.metrics.duration", "Duration of spans.", "s", 1e9, Buckets::durations);

  /** What is recorded of an exchange, in this order: duration, size of request, of response. */
  static final List<Instrument> SERVER =
      List.of(
          HTTP_SERVER_REQUEST_DURATION,
          HTTP_SERVER_REQUEST_BODY_SIZE,
          HTTP_SERVER_RESPONSE_BODY_SIZE);

  static final List<Instrument> CLIENT =
      List.of(
          HTTP_CLIENT_REQUEST_DURATION,
          HTTP_CLIENT_REQUEST_BODY_SIZE,
          HTTP_CLIENT_RESPONSE_BODY_SIZE);

  /** By the names before, in the same order. */
  private static final List<Instrument> FORMER_SERVER =
      List.of(HTTP_SERVER_DURATION, HTTP_SERVER_REQUEST_SIZE, HTTP_SERVER_RESPONSE_SIZE);

  private static final List<Instrument> FORMER_CLIENT =
      List.of(HTTP_CLIENT_DURATION, HTTP_CLIENT_REQUEST_SIZE, HTTP_CLIENT_RESPONSE_SIZE);

  private final String metric;
  private final String description;
  private final String unit;
  private final double rawPerUnit;
  private final Function<Buckets, List<Double>> bounds;

  /**
   * @param rawPerUnit measurements are whole numbers of a raw unit (ns, bytes), so that sums are
   *     exact; they are told in the unit of the convention
   */
  Instrument(
      String metric,
      String description,
      String unit,
      double rawPerUnit,
      Function<Buckets, List<Double>> bounds) {
    this.metric = metric;
    this.description = description;
    this.unit = unit;
    this.rawPerUnit = rawPerUnit;
    this.bounds = bounds;
  }

  static List<Instrument> of(Role role) {
    return role == Role.SERVER ? SERVER : CLIENT;
  }

  static List<Instrument> formerOf(Role role) {
    return role == Role.SERVER ? FORMER_SERVER : FORMER_CLIENT;
  }

  /** Whether the conventions have another name for it now. */
  boolean isFormer() {
    return FORMER_SERVER.contains(this) || FORMER_CLIENT.contains(this);
  }

  private static List<Double> milliseconds(Buckets buckets) {
    return buckets.durations().stream().map(seconds -> seconds * 1000).toList();
  }

  /** Name in the semantic conventions, or Beyla's. */
  String metric() {
    return metric;
  }

  String description() {
    return description;
  }

  /** UCUM. */
  String unit() {
    return unit;
  }

  /** Inclusive upper bounds of the buckets, in {@link #unit}; a last bucket has none. */
  List<Double> bounds(Buckets buckets) {
    return bounds.apply(buckets);
  }

  /** A measurement, or a sum of some, in {@link #unit}. */
  double inUnit(long raw) {
    return raw / rawPerUnit;
  }

  /** A bound in raw measurements. */
  long toRaw(double bound) {
    return Math.round(bound * rawPerUnit);
  }
}
