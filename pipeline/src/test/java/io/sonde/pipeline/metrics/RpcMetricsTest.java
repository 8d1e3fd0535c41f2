package io.sonde.pipeline.metrics;

import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static io.sonde.pipeline.exchange.RpcExchanges.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.sonde.pipeline.Instrumentation;
import io.sonde.pipeline.MetricsConfig;
import io.sonde.pipeline.MetricsConfig.Feature;
import io.sonde.pipeline.Naming;
import io.sonde.pipeline.Naming.Rpc;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.GrpcStatus;
import io.sonde.pipeline.exchange.RpcExchanges;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RpcMetricsTest {
  private static final long NOW = 2_000_000_000_000_000_000L;

  private final Account account = new Account("metrics");

  private MetricStore store(MetricsConfig config) {
    return new MetricStore(2, config, account, new Folding());
  }

  private MetricStore store(Rpc... names) {
    return store(MetricsConfig.DEFAULT.withNaming(new Naming(false, Set.of(names))));
  }

  private static List<HistogramPointData> points(MetricStore store, String name) {
    return store.collect(NOW).stream()
        .filter(metric -> metric.getName().equals(name))
        .flatMap(metric -> metric.getHistogramData().getPoints().stream())
        .toList();
  }

  private static Map<String, Object> map(Attributes attributes) {
    Map<String, Object> map = new TreeMap<>();
    attributes.forEach((key, value) -> map.put(key.getKey(), value));
    return map;
  }

  @Test
  void theDefaultNamesAreBeylas() {
    MetricStore store = store(MetricsConfig.DEFAULT);
    store.accept(call().role(Role.CLIENT).status(GrpcStatus.UNAVAILABLE).build());

    assertThat(store.collect(NOW))
        .singleElement()
        .satisfies(
            metric -> {
              assertThat(metric.getName()).isEqualTo("rpc.client.call.duration");
              assertThat(metric.getUnit()).isEqualTo("s");
            });
    HistogramPointData point = points(store, "rpc.client.call.duration").get(0);
    assertThat(point.getSum()).isCloseTo(0.01, within(1e-9));
    assertThat(map(point.getAttributes()))
        .isEqualTo(
            Map.of(
                "service.name", "shop",
                "rpc.system.name", "grpc",
                "rpc.method", "shop.Cart/Add",
                "rpc.response.status_code", "UNAVAILABLE",
                "server.address", "shop.example",
                "server.port", 50051L,
                "error.type", "UNAVAILABLE"));
  }

  @Test
  void theLegacyNamesAreThoseOfBeylasDashboards() {
    MetricStore store = store(Rpc.LEGACY);
    store.accept(call().status(5).messages(1, 30).build());

    assertThat(store.collect(NOW))
        .extracting(MetricData::getName)
        .containsExactlyInAnyOrder(
            "rpc.server.duration", "rpc.server.requests_per_rpc", "rpc.server.responses_per_rpc");
    HistogramPointData duration = points(store, "rpc.server.duration").get(0);
    assertThat(duration.getSum()).isCloseTo(0.01, within(1e-9));
    assertThat(map(duration.getAttributes()))
        .isEqualTo(
            Map.of(
                "service.name", "shop",
                "rpc.system", "grpc",
                "rpc.method", "shop.Cart/Add",
                "rpc.grpc.status_code", 5L,
                "server.address", "shop.example",
                "server.port", 50051L));
    assertThat(points(store, "rpc.server.requests_per_rpc").get(0).getSum()).isEqualTo(1);
    assertThat(points(store, "rpc.server.responses_per_rpc").get(0).getSum()).isEqualTo(30);
  }

  @Test
  void stableAndBeylasAreOneMetricWithBothAttributes() {
    MetricStore store = store(Rpc.STABLE, Rpc.RC, Rpc.LEGACY);
    store.accept(call().build());

    assertThat(points(store, "rpc.server.duration")).hasSize(1);
    assertThat(points(store, "rpc.server.call.duration"))
        .singleElement()
        .satisfies(
            point ->
                assertThat(map(point.getAttributes()))
                    .containsEntry("rpc.status_code", "OK")
                    .containsEntry("rpc.response.status_code", "OK")
                    .containsEntry("rpc.system.name", "grpc")
                    .doesNotContainKeys("rpc.grpc.status_code", "rpc.system"));
    assertThat(map(points(store(Rpc.STABLE), "rpc.server.call.duration", call()).getAttributes()))
        .containsEntry("rpc.status_code", "OK")
        .doesNotContainKey("rpc.response.status_code");
  }

  private static HistogramPointData points(MetricStore store, String name, RpcExchanges one) {
    store.accept(one.build());
    return points(store, name).get(0);
  }

  @Test
  void whatIsNotKnownIsToldAsThatOrNotAtAll() {
    MetricStore store = store(Rpc.LEGACY, Rpc.RC);
    store.accept(call().method(null).status(GrpcStatus.NONE).messages(-1, -1).build());

    assertThat(store.collect(NOW))
        .extracting(MetricData::getName)
        .containsExactlyInAnyOrder("rpc.server.call.duration", "rpc.server.duration");
    assertThat(map(points(store, "rpc.server.call.duration").get(0).getAttributes()))
        .containsEntry("rpc.method", "unknown")
        .doesNotContainKeys("rpc.response.status_code", "error.type");
    assertThat(map(points(store, "rpc.server.duration").get(0).getAttributes()))
        .doesNotContainKey("rpc.grpc.status_code");
  }

  @Test
  void methodsBeyondTheLimitAreCountedInOneSeries() {
    MetricStore store = store(MetricsConfig.DEFAULT);
    for (String method : new String[] {"a.B/C", "a.B/D", "a.B/E", "a.B/F", "a.B/C"}) {
      store.accept(call().method(method).build());
    }
    assertThat(points(store, "rpc.server.call.duration"))
        .extracting(
            point -> point.getAttributes().get(AttributeKey.booleanKey("otel.metric.overflow")),
            HistogramPointData::getCount)
        .containsExactlyInAnyOrder(tuple(null, 2L), tuple(null, 1L), tuple(true, 2L));
    assertThat(account.lostTotal(LossCause.SERIES_LIMIT)).isEqualTo(2);
    assertThat(account.pending()).isZero();
  }

  @Test
  void metricsOfSpansAreNamedByTheMethod() {
    MetricStore store =
        store(
            MetricsConfig.DEFAULT.withFeatures(
                Set.of(Feature.APPLICATION_SPAN, Feature.APPLICATION_SPAN_SIZES)));
    store.accept(call().build());
    store.accept(call().status(GrpcStatus.INTERNAL).build());

    List<LongPointData> calls =
        store.collect(NOW).stream()
            .filter(metric -> metric.getName().equals("traces_spanmetrics_calls_total"))
            .flatMap(metric -> metric.getLongSumData().getPoints().stream())
            .toList();
    assertThat(calls)
        .extracting(
            point -> point.getAttributes().get(AttributeKey.stringKey("span.name")),
            point -> point.getAttributes().get(AttributeKey.stringKey("status.code")))
        .containsExactlyInAnyOrder(
            tuple("shop.Cart/Add", "STATUS_CODE_UNSET"),
            tuple("shop.Cart/Add", "STATUS_CODE_ERROR"));
    assertThat(
            store.collect(NOW).stream()
                .filter(metric -> metric.getName().equals("traces_spanmetrics_size_total"))
                .flatMap(metric -> metric.getLongSumData().getPoints().stream())
                .mapToLong(LongPointData::getValue)
                .sum())
        .isEqualTo(80);
  }

  @Test
  void aProtocolThatIsNotWantedIsNotCountedAndThatIsTold() {
    MetricStore store =
        store(MetricsConfig.DEFAULT.withInstrumentations(Set.of(Instrumentation.HTTP)));
    store.accept(call().build());
    store.accept(exchange().sizes(-1, -1).build());

    assertThat(store.collect(NOW))
        .extracting(MetricData::getName)
        .containsExactly("http.server.request.duration");
    assertThat(account.lostTotal(LossCause.NOT_TO_BE_EXPORTED)).isEqualTo(1);
  }
}
