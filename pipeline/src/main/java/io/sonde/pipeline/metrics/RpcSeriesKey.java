package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.RpcAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.sonde.pipeline.exchange.GrpcStatus;
import io.sonde.pipeline.exchange.RpcExchange;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.linking.RpcNaming;
import java.util.Objects;

/** Attributes of the metrics of RPC (semantic conventions 1.41, "RPC metrics"). */
final class RpcSeriesKey implements SeriesKey {
  private String system;
  private String method;
  private int statusCode;
  private String serverAddress;
  private int serverPort;
  private String errorType;

  RpcSeriesKey set(RpcExchange exchange) {
    system = exchange.system();
    method = exchange.methodLabel();
    statusCode = exchange.statusCode();
    serverAddress = exchange.serverAddress();
    serverPort = exchange.serverPort();
    errorType = exchange.errorType();
    return this;
  }

  @Override
  public RpcSeriesKey copy() {
    RpcSeriesKey copy = new RpcSeriesKey();
    copy.system = system;
    copy.method = method;
    copy.statusCode = statusCode;
    copy.serverAddress = serverAddress;
    copy.serverPort = serverPort;
    copy.errorType = errorType;
    return copy;
  }

  /** As {@link RpcNaming} takes them. */
  @Override
  public Attributes attributes(Service service) {
    return SeriesKey.serviceAttributes(service)
        .put(RpcAttributes.RPC_SYSTEM_NAME, system)
        .put(RpcAttributes.RPC_METHOD, method)
        .put(RpcNaming.STATUS_CODE, GrpcStatus.name(statusCode))
        .put(ServerAttributes.SERVER_ADDRESS, serverAddress)
        .put(ServerAttributes.SERVER_PORT, (long) serverPort)
        .put(ErrorAttributes.ERROR_TYPE, errorType)
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RpcSeriesKey that
        && statusCode == that.statusCode
        && serverPort == that.serverPort
        && Objects.equals(method, that.method)
        && Objects.equals(serverAddress, that.serverAddress)
        && Objects.equals(system, that.system)
        && Objects.equals(errorType, that.errorType);
  }

  @Override
  public int hashCode() {
    int hash = statusCode;
    hash = 31 * hash + serverPort;
    hash = 31 * hash + Objects.hashCode(method);
    hash = 31 * hash + Objects.hashCode(serverAddress);
    hash = 31 * hash + Objects.hashCode(system);
    return 31 * hash + Objects.hashCode(errorType);
  }
}
