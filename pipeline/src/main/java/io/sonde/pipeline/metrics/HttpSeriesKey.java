package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.identity.Service;
import java.util.Objects;

/** Attributes of the metrics of HTTP (semantic conventions 1.41, "HTTP metrics"). */
final class HttpSeriesKey implements SeriesKey {
  /** Semantic conventions: every method that is not known, so that callers cannot make series. */
  static final String OTHER_METHOD = "_OTHER";

  private String method;
  private int statusCode;
  private String route;
  private String scheme;
  private String serverAddress;
  private int serverPort;
  private String errorType;

  HttpSeriesKey set(HttpExchange exchange) {
    method = exchange.hasKnownMethod() ? exchange.method() : OTHER_METHOD;
    statusCode = exchange.statusCode();
    route = exchange.route();
    scheme = exchange.scheme();
    serverAddress = exchange.serverAddress();
    serverPort = exchange.serverPort();
    errorType = exchange.errorType();
    return this;
  }

  @Override
  public HttpSeriesKey copy() {
    HttpSeriesKey copy = new HttpSeriesKey();
    copy.method = method;
    copy.statusCode = statusCode;
    copy.route = route;
    copy.scheme = scheme;
    copy.serverAddress = serverAddress;
    copy.serverPort = serverPort;
    copy.errorType = errorType;
    return copy;
  }

  @Override
  public Attributes attributes(Service service) {
    AttributesBuilder attributes =
        SeriesKey.serviceAttributes(service)
            .put(HttpAttributes.HTTP_REQUEST_METHOD, method)
            .put(HttpAttributes.HTTP_ROUTE, route)
            .put(UrlAttributes.URL_SCHEME, scheme)
            .put(ServerAttributes.SERVER_ADDRESS, serverAddress)
            .put(ServerAttributes.SERVER_PORT, (long) serverPort)
            .put(ErrorAttributes.ERROR_TYPE, errorType);
    if (statusCode > 0) {
      attributes.put(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, (long) statusCode);
    }
    return attributes.build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HttpSeriesKey that
        && statusCode == that.statusCode
        && serverPort == that.serverPort
        && Objects.equals(method, that.method)
        && Objects.equals(route, that.route)
        && Objects.equals(serverAddress, that.serverAddress)
        && Objects.equals(scheme, that.scheme)
        && Objects.equals(errorType, that.errorType);
  }

  @Override
  public int hashCode() {
    int hash = statusCode;
    hash = 31 * hash + serverPort;
    hash = 31 * hash + Objects.hashCode(method);
    hash = 31 * hash + Objects.hashCode(route);
    hash = 31 * hash + Objects.hashCode(serverAddress);
    hash = 31 * hash + Objects.hashCode(scheme);
    return 31 * hash + Objects.hashCode(errorType);
  }
}
