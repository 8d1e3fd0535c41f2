package io.sonde.pipeline.coexistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.accounting.SelfMetric;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.GrpcStatus;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.HttpExchanges;
import io.sonde.pipeline.exchange.RpcExchange;
import io.sonde.pipeline.exchange.RpcExchanges;
import io.sonde.pipeline.identity.SdkCoexistence;
import io.sonde.pipeline.identity.SdkCoexistence.Decision;
import io.sonde.pipeline.identity.SdkCoexistence.Evidence;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpCallsTest {
  private final SdkCoexistence coexistence = new SdkCoexistence(SdkCoexistence.Settings.DEFAULT);
  private final List<Exchange> told = new ArrayList<>();
  private final OtlpCalls calls = new OtlpCalls(coexistence, told::add);
  private final Service shop = HttpExchanges.service("shop", 1);
  private final Service other = HttpExchanges.service("other", 2);

  @Test
  void aServiceThatExportsASignalIsNotToldOfInThatSignalAndInTheOther() {
    HttpExchange before = request(shop);
    HttpExchange after = request(shop);
    calls.accept(before);
    assertThat(shop.withheld(Export.TRACES)).isNull();

    calls.accept(export(shop).build());
    calls.accept(after);

    assertThat(told).containsExactly(before, after);
    assertThat(shop.withheld(Export.TRACES)).isEqualTo(LossCause.TOLD_BY_SDK);
    assertThat(shop.withheld(Export.METRICS)).isNull();
    assertThat(other.withheld(Export.TRACES)).isNull();
    assertThat(coexistence.decisions())
        .containsExactly(new Decision("shop", "", "myhost:1", Export.TRACES, Evidence.HTTP_EXPORT));
  }

  @Test
  void whatIsNotToldIsCountedBySignal() {
    calls.accept(export(shop).build());
    calls.accept(export(shop).target("/otlp/v1/metrics", null).build());
    calls.accept(export(shop).build());
    calls.accept(request(shop));
    calls.accept(export(other).build());
    calls.accept(request(other));
    calls.accept(request(other));

    assertThat(points("sonde_avoided"))
        .containsOnly(
            Map.entry(Map.of("what", "otlp_calls"), 4.0),
            Map.entry(Map.of("what", "traces"), 3.0),
            Map.entry(Map.of("what", "metrics"), 1.0));
    assertThat(points("sonde_avoided_services").keySet())
        .extracting(labels -> labels.get("service_name") + " " + labels.get("telemetry_type"))
        .containsExactlyInAnyOrder("shop traces", "shop metrics", "other traces");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/traces, application/x-protobuf, true",
    "/v1/traces, application/json, true",
    "/tenant/v1/traces, 'Application/JSON; charset=utf-8', true",
    "/v1/traces, text/plain, false",
    "/v1/traces, , false",
    "/v1/traces/x, application/json, false",
    "/v1/logs, application/x-protobuf, false",
    "/api/orders, application/json, false",
  })
  void anExportIsKnownByItsPathAndType(String path, String type, boolean export) {
    calls.accept(export(shop).target(path, null).contentType(type).build());

    assertThat(told).hasSize(export ? 0 : 1);
    assertThat(coexistence.decisions()).hasSize(export ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({
    "CLIENT, POST, 503",
    "CLIENT, POST, 0",
    "CLIENT, POST, 404",
    "CLIENT, GET, 200",
    "SERVER, POST, 200",
  })
  void whatFailsOrIsReceivedDecidesNothingAndIsTold(Role role, String method, int status) {
    calls.accept(export(shop).role(role).method(method).status(status, null).build());

    assertThat(told).hasSize(1);
    assertThat(coexistence.decisions()).isEmpty();
  }

  @Test
  void aProxyOfTelemetryIsToldOfLikeAnyService() {
    // The call that it makes for a request ends before that.
    calls.accept(export(shop).build());
    calls.accept(export(shop).role(Role.SERVER).build());
    assertThat(coexistence.decisions()).isEmpty();
    assertThat(shop.withheld(Export.TRACES)).isNull();
    told.clear();

    calls.accept(export(shop).build());
    calls.accept(request(shop));

    assertThat(told).hasSize(2);
    assertThat(coexistence.decisions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "opentelemetry.proto.collector.trace.v1.TraceService/Export, 0, TRACES",
    "opentelemetry.proto.collector.metrics.v1.MetricsService/Export, 0, METRICS",
    "opentelemetry.proto.collector.trace.v1.TraceService/Export, 14,",
    "opentelemetry.proto.collector.trace.v1.TraceService/Export, -1,",
    "opentelemetry.proto.collector.logs.v1.LogsService/Export, 0,",
    "shop.Cart/Export, 0,",
  })
  void overGrpcAnExportIsKnownByItsMethodAndStatus(String method, int status, Export signal) {
    calls.accept(call(shop, Role.CLIENT, method, status));

    assertThat(told).hasSize(signal == null ? 1 : 0);
    assertThat(coexistence.decisions())
        .isEqualTo(
            signal == null
                ? List.of()
                : List.of(new Decision("shop", "", "myhost:1", signal, Evidence.GRPC_EXPORT)));
  }

  @Test
  void whoIsSentTelemetryOverGrpcIsToldOfLikeAnyService() {
    String export = "opentelemetry.proto.collector.trace.v1.TraceService/Export";
    calls.accept(call(shop, Role.SERVER, export, GrpcStatus.OK));
    calls.accept(call(shop, Role.CLIENT, export, GrpcStatus.OK));

    assertThat(told).hasSize(2);
    assertThat(coexistence.decisions()).isEmpty();
  }

  @Test
  void aCallWhoseMethodIsNotKnownIsToldOfWhateverItWas() {
    calls.accept(call(shop, Role.CLIENT, null, GrpcStatus.OK));
    assertThat(told).hasSize(1);
    assertThat(coexistence.decisions()).as("its port is not one of OTLP").isEmpty();
  }

  private static RpcExchange call(Service service, Role role, String method, int status) {
    return RpcExchanges.call().by(service).role(role).method(method).status(status).build();
  }

  private static HttpExchange request(Service service) {
    return HttpExchanges.exchange().by(service).build();
  }

  private static HttpExchanges export(Service service) {
    return HttpExchanges.exchange()
        .by(service)
        .role(Role.CLIENT)
        .method("POST")
        .target("/v1/traces", null)
        .status(200, null)
        .contentType("application/x-protobuf");
  }

  private Map<Map<String, String>, Double> points(String name) {
    return coexistence.collect().stream()
        .filter(metric -> metric.name().equals(name))
        .map(SelfMetric::points)
        .findFirst()
        .orElseThrow();
  }
}
