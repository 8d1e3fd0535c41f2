package io.sonde.pipeline.coexistence;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.ExchangeSink;
import io.sonde.pipeline.exchange.GrpcStatus;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.RpcExchange;
import io.sonde.pipeline.identity.SdkCoexistence;
import io.sonde.pipeline.identity.SdkCoexistence.Evidence;
import io.sonde.pipeline.identity.SdkCoexistence.Withheld;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.util.Locale;

/**
 * Between decoding and the outputs: takes out the calls by which services export their own
 * telemetry, says which service it was, and counts what is not told for that reason.
 */
public final class OtlpCalls implements ExchangeSink {
  private final SdkCoexistence coexistence;
  private final ExchangeSink next;

  public OtlpCalls(SdkCoexistence coexistence, ExchangeSink next) {
    this.coexistence = coexistence;
    this.next = next;
  }

  @Override
  public void accept(Exchange exchange) {
    Service service = exchange.service();
    Export exported = exchange.match(OtlpCalls::exported, OtlpCalls::exported);
    if (exported != null && exchange.role() == Role.SERVER) {
      coexistence.receives(service);
    } else if (exported != null && coexistence.ownsItsExports(service)) {
      coexistence.exports(
          service,
          exported,
          exchange.match(http -> Evidence.HTTP_EXPORT, rpc -> Evidence.GRPC_EXPORT));
      coexistence.count(Withheld.OTLP_CALLS);
      return;
    }
    if (mayExport(exchange) && coexistence.ownsItsExports(service)) {
      coexistence.callsOverGrpc(service, exchange.connection().remote().getPort());
    }
    if (service.withheld(Export.TRACES) == LossCause.TOLD_BY_SDK) {
      coexistence.count(Withheld.TRACES);
    }
    if (service.withheld(Export.METRICS) == LossCause.TOLD_BY_SDK) {
      coexistence.count(Withheld.METRICS);
    }
    next.accept(exchange);
  }

  /**
   * The signal that was exported by this exchange (OTLP 1.8, "OTLP/HTTP Request" and "Response");
   * null when it is no export, or failed.
   */
  private static Export exported(HttpExchange http) {
    boolean succeeded = http.statusCode() >= 200 && http.statusCode() < 300;
    if (!succeeded || !"POST".equals(http.method())) {
      return null;
    }
    Export signal =
        http.path().endsWith("/v1/traces")
            ? Export.TRACES
            : http.path().endsWith("/v1/metrics") ? Export.METRICS : null;
    return signal != null && isOtlp(http.requestContentType()) ? signal : null;
  }

  /** The same of gRPC (OTLP 1.8, "OTLP/gRPC"): the methods are those of its protobuf services. */
  private static Export exported(RpcExchange rpc) {
    if (rpc.statusCode() != GrpcStatus.OK || rpc.method() == null) {
      return null;
    }
    return switch (rpc.method()) {
      case "opentelemetry.proto.collector.trace.v1.TraceService/Export" -> Export.TRACES;
      case "opentelemetry.proto.collector.metrics.v1.MetricsService/Export" -> Export.METRICS;
      default -> null;
    };
  }

  private static boolean mayExport(Exchange exchange) {
    return exchange.role() == Role.CLIENT
        && exchange.match(
            http -> false, rpc -> rpc.method() == null && rpc.statusCode() == GrpcStatus.OK);
  }

  private static boolean isOtlp(String contentType) {
    if (contentType == null) {
      return false;
    }
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.equals("application/x-protobuf") || type.equals("application/json");
  }
}
