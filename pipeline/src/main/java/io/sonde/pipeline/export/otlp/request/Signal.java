package io.sonde.pipeline.export.otlp.request;

/** What an OTLP endpoint takes from Sonde, with the names of the OTLP specification 1.9. */
public enum Signal {
  TRACES("opentelemetry.proto.collector.trace.v1.TraceService/Export", "/v1/traces", "spans"),
  METRICS(
      "opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
      "/v1/metrics",
      "metric_points");

  private final String grpcMethod;
  private final String httpPath;
  private final String items;

  Signal(String grpcMethod, String httpPath, String items) {
    this.grpcMethod = grpcMethod;
    this.httpPath = httpPath;
    this.items = items;
  }

  /** Full name of the unary gRPC method, without a leading slash. */
  public String grpcMethod() {
    return grpcMethod;
  }

  /** Path that OTLP/HTTP appends to a common endpoint. */
  public String httpPath() {
    return httpPath;
  }

  /** What is counted, as in the Collector's own metric names: {@code spans}. */
  public String items() {
    return items;
  }
}
