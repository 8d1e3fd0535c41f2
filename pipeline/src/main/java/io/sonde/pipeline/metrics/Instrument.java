package io.sonde.pipeline.metrics;

import java.util.Arrays;
import java.util.List;

/** The metrics of the OpenTelemetry HTTP conventions, with the bucket bounds that Beyla uses. */
enum Instrument {
  HTTP_SERVER_REQUEST_DURATION(
      "http.server.request.duration", "Duration of HTTP server requests.", Quantity.DURATION),
  HTTP_SERVER_REQUEST_BODY_SIZE(
      "http.server.request.body.size", "Size of HTTP server request bodies.", Quantity.SIZE),
  HTTP_SERVER_RESPONSE_BODY_SIZE(
      "http.server.response.body.size", "Size of HTTP server response bodies.", Quantity.SIZE),
  HTTP_CLIENT_REQUEST_DURATION(
      "http.client.request.duration", "Duration of HTTP client requests.", Quantity.DURATION),
  HTTP_CLIENT_REQUEST_BODY_SIZE(
      "http.client.request.body.size", "Size of HTTP client request bodies.", Quantity.SIZE),
  HTTP_CLIENT_RESPONSE_BODY_SIZE(
      "http.client.response.body.size", "Size of HTTP client response bodies.", Quantity.SIZE);

  /**
   * What is measured. Measurements are whole numbers of a raw unit (ns, bytes), so that sums are
   * exact; they are told in the unit of the convention (s, By).
   */
  private enum Quantity {
    DURATION(
        "s", 1e9, 0.0, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5,
        10.0),
    SIZE("By", 1.0, 0.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0, 8192.0);

    private final String unit;
    private final double rawPerUnit;
    private final List<Double> bounds;
    private final long[] rawBounds;

    Quantity(String unit, double rawPerUnit, Double... bounds) {
      this.unit = unit;
      this.rawPerUnit = rawPerUnit;
      this.bounds = List.of(bounds);
      this.rawBounds =
          Arrays.stream(bounds).mapToLong(bound -> Math.round(bound * rawPerUnit)).toArray();
    }
  }

  private final String metric;
  private final String description;
  private final Quantity quantity;

  Instrument(String metric, String description, Quantity quantity) {
    this.metric = metric;
    this.description = description;
    this.quantity = quantity;
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
    return quantity.unit;
  }

  /** Inclusive upper bounds of the buckets, in {@link #unit}; a last bucket has none. */
  List<Double> bounds() {
    return quantity.bounds;
  }

  int buckets() {
    return quantity.rawBounds.length + 1;
  }

  /** Index of the bucket of a raw measurement. */
  int bucket(long raw) {
    long[] bounds = quantity.rawBounds;
    int i = 0;
    while (i < bounds.length && raw > bounds[i]) {
      i++;
    }
    return i;
  }

  /** A sum of raw measurements in {@link #unit}. */
  double inUnit(long raw) {
    return raw / quantity.rawPerUnit;
  }
}
