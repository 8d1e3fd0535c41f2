package io.sonde.pipeline.metrics;

import io.sonde.pipeline.MetricsConfig.Buckets;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.RpcExchange;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Histograms: those of the OpenTelemetry conventions of HTTP, stable and as they were before
 * (1.20), and of RPC (1.41, and 1.37), and Beyla's of spans.
 */
enum Instrument {
  HTTP_SERVER_REQUEST_DURATION(
      "http.server.request.duration",
      "Duration of HTTP server requests.",
      "s",
      1e9,
      Buckets::durations,
      Instrument::durationNs),
  HTTP_SERVER_REQUEST_BODY_SIZE(
      "http.server.request.body.size",
      "Size of HTTP server request bodies.",
      "By",
      1,
      Buckets::requestSizes,
      Exchange::requestBytes),
  HTTP_SERVER_RESPONSE_BODY_SIZE(
      "http.server.response.body.size",
      "Size of HTTP server response bodies.",
      "By",
      1,
      Buckets::responseSizes,
      Exchange::responseBytes),
  HTTP_CLIENT_REQUEST_DURATION(
      "http.client.request.duration",
      "Duration of HTTP client requests.",
      "s",
      1e9,
      Buckets::durations,
      Instrument::durationNs),
  HTTP_CLIENT_REQUEST_BODY_SIZE(
      "http.client.request.body.size",
      "Size of HTTP client request bodies.",
      "By",
      1,
      Buckets::requestSizes,
      Exchange::requestBytes),
  HTTP_CLIENT_RESPONSE_BODY_SIZE(
      "http.client.response.body.size",
      "Size of HTTP client response bodies.",
      "By",
      1,
      Buckets::responseSizes,
      Exchange::responseBytes),
  HTTP_SERVER_DURATION(
      "http.server.duration",
      "Duration of HTTP server requests.",
      "ms",
      1e6,
      Instrument::milliseconds,
      Instrument::durationNs),
  HTTP_SERVER_REQUEST_SIZE(
      "http.server.request.size",
      "Size of HTTP server request bodies.",
      "By",
      1,
      Buckets::requestSizes,
      Exchange::requestBytes),
  HTTP_SERVER_RESPONSE_SIZE(
      "http.server.response.size",
      "Size of HTTP server response bodies.",
      "By",
      1,
      Buckets::responseSizes,
      Exchange::responseBytes),
  HTTP_CLIENT_DURATION(
      "http.client.duration",
      "Duration of HTTP client requests.",
      "ms",
      1e6,
      Instrument::milliseconds,
      Instrument::durationNs),
  HTTP_CLIENT_REQUEST_SIZE(
      "http.client.request.size",
      "Size of HTTP client request bodies.",
      "By",
      1,
      Buckets::requestSizes,
      Exchange::requestBytes),
  HTTP_CLIENT_RESPONSE_SIZE(
      "http.client.response.size",
      "Size of HTTP client response bodies.",
      "By",
      1,
      Buckets::responseSizes,
      Exchange::responseBytes),
  RPC_SERVER_CALL_DURATION(
      "rpc.server.call.duration",
      "Duration of an incoming remote procedure call, a stream as a whole.",
      "s",
      1e9,
      Buckets::durations,
      Instrument::durationNs),
  RPC_CLIENT_CALL_DURATION(
      "rpc.client.call.duration",
      "Duration of an outgoing remote procedure call, a stream as a whole.",
      "s",
      1e9,
      Buckets::durations,
      Instrument::durationNs),
  RPC_SERVER_DURATION(
      "rpc.server.duration",
      "Duration of an incoming remote procedure call, a stream as a whole.",
      "s",
      1e9,
      Buckets::durations,
      Instrument::durationNs),
  RPC_SERVER_REQUESTS_PER_RPC(
      "rpc.server.requests_per_rpc",
      "Messages that the client sent in an incoming remote procedure call.",
      "{count}",
      1,
      Instrument::messages,
      exchange -> exchange.match(http -> -1L, RpcExchange::requestMessages)),
  RPC_SERVER_RESPONSES_PER_RPC(
      "rpc.server.responses_per_rpc",
      "Messages that the server sent in an incoming remote procedure call.",
      "{count}",
      1,
      Instrument::messages,
      exchange -> exchange.match(http -> -1L, RpcExchange::responseMessages)),
  RPC_CLIENT_DURATION(
      "rpc.client.duration",
      "Duration of an outgoing remote procedure call, a stream as a whole.",
      "s",
      1e9,
      Buckets::durations,
      Instrument::durationNs),
  RPC_CLIENT_REQUESTS_PER_RPC(
      "rpc.client.requests_per_rpc",
      "Messages that the client sent in an outgoing remote procedure call.",
      "{count}",
      1,
      Instrument::messages,
      exchange -> exchange.match(http -> -1L, RpcExchange::requestMessages)),
  RPC_CLIENT_RESPONSES_PER_RPC(
      "rpc.client.responses_per_rpc",
      "Messages that the server sent in an outgoing remote procedure call.",
      "{count}",
      1,
      Instrument::messages,
      exchange -> exchange.match(http -> -1L, RpcExchange::responseMessages)),
  SPAN_LATENCY(
      "traces_spanmetrics_latency",
      "Duration of spans.",
      "s",
      1e9,
      Buckets::durations,
      Instrument::durationNs),
  SPAN_DURATION(
      "traces.span.metrics.duration",
      "Duration of spans.",
      "s",
      1e9,
      Buckets::durations,
      Instrument::durationNs);

  private final String metric;
  private final String description;
  private final String unit;
  private final double rawPerUnit;
  private final Function<Buckets, List<Double>> bounds;
  private final ToLongFunction<Exchange> measure;

  /**
   * @param rawPerUnit measurements are whole numbers of a raw unit (ns, bytes), so that sums are
   *     exact; they are told in the unit of the convention
   * @param measure the raw measurement; negative where it is not known
   */
  Instrument(
      String metric,
      String description,
      String unit,
      double rawPerUnit,
      Function<Buckets, List<Double>> bounds,
      ToLongFunction<Exchange> measure) {
    this.metric = metric;
    this.description = description;
    this.unit = unit;
    this.rawPerUnit = rawPerUnit;
    this.bounds = bounds;
    this.measure = measure;
  }

  /** What is recorded of an exchange of HTTP, the duration first. */
  static List<Instrument> http(Role role) {
    return role == Role.SERVER
        ? List.of(
            HTTP_SERVER_REQUEST_DURATION,
            HTTP_SERVER_REQUEST_BODY_SIZE,
            HTTP_SERVER_RESPONSE_BODY_SIZE)
        : List.of(
            HTTP_CLIENT_REQUEST_DURATION,
            HTTP_CLIENT_REQUEST_BODY_SIZE,
            HTTP_CLIENT_RESPONSE_BODY_SIZE);
  }

  /** By the names before. */
  static List<Instrument> formerHttp(Role role) {
    return role == Role.SERVER
        ? List.of(HTTP_SERVER_DURATION, HTTP_SERVER_REQUEST_SIZE, HTTP_SERVER_RESPONSE_SIZE)
        : List.of(HTTP_CLIENT_DURATION, HTTP_CLIENT_REQUEST_SIZE, HTTP_CLIENT_RESPONSE_SIZE);
  }

  /** Of RPC: sizes of messages and their number have no names any more. */
  static List<Instrument> rpc(Role role) {
    return List.of(role == Role.SERVER ? RPC_SERVER_CALL_DURATION : RPC_CLIENT_CALL_DURATION);
  }

  /**
   * By the names before: without sizes, which are those of messages that are not compressed. The
   * duration is in seconds, as Beyla has it, and not in milliseconds.
   */
  static List<Instrument> legacyRpc(Role role) {
    return role == Role.SERVER
        ? List.of(RPC_SERVER_DURATION, RPC_SERVER_REQUESTS_PER_RPC, RPC_SERVER_RESPONSES_PER_RPC)
        : List.of(RPC_CLIENT_DURATION, RPC_CLIENT_REQUESTS_PER_RPC, RPC_CLIENT_RESPONSES_PER_RPC);
  }

  /** The two ends are stamped by different probes; a cumulative sum must not go down. */
  private static long durationNs(Exchange exchange) {
    return Math.max(0, exchange.timing().durationNs());
  }

  private static List<Double> messages(Buckets buckets) {
    return List.of(0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1_000.0, 10_000.0);
  }

  private static List<Double> milliseconds(Buckets buckets) {
    return buckets.durations().stream().map(seconds -> seconds * 1000).toList();
  }

  /** The raw measurement; negative where it is not known. */
  long measure(Exchange exchange) {
    return measure.applyAsLong(exchange);
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
