package io.sonde.pipeline.metrics;

import io.sonde.pipeline.MetricsConfig.Buckets;
import io.sonde.pipeline.event.Role;
import java.util.List;
import java.util.function.Function;

/** The metrics of the OpenTelemetry HTTP conventions. */
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
      Buckets::responseSizes);

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

  /** Name in the semantic conventions. */
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
