package io.sonde.pipeline.metrics;

import static io.sonde.pipeline.exchange.HttpExchanges.MS;
import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.sonde.pipeline.MetricsConfig;
import io.sonde.pipeline.MetricsConfig.Feature;
import io.sonde.pipeline.MetricsConfig.Temporality;
import io.sonde.pipeline.Naming;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.identity.Service;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeaturesTest {
  private static final long NOW = 2_000_000_000_000_000_000L;
  private static final Service SHOP = Observed.service("shop", 42);
  private static final MetricsConfig SPANS =
      MetricsConfig.DEFAULT.withFeatures(
          Set.of(Feature.APPLICATION_SPAN, Feature.APPLICATION_SPAN_SIZES));

  private final Account account = new Account("metrics");

  private MetricStore store(MetricsConfig config) {
    return new MetricStore(2, config, account, new Folding());
  }

  private static MetricData metric(MetricStore store, String name) {
    return store.collect(NOW).stream()
        .filter(metric -> metric.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void metricsOfSpansHaveBeylasNamesAndAttributes() {
    MetricStore store = store(SPANS);
    store.accept(exchange().by(SHOP).sizes(3, 70).build());
    store.accept(exchange().by(SHOP).sizes(-1, 30).queued(300 * MS).build());

    assertThat(store.collect(NOW))
        .extracting(MetricData::getName)
        .containsExactlyInAnyOrder(
            "traces_spanmetrics_latency",
            "traces_spanmetrics_calls_total",
            "traces_spanmetrics_size_total",
            "traces_spanmetrics_response_size_total");
    LongPointData calls =
        metric(store, "traces_spanmetrics_calls_total")
            .getLongSumData()
            .getPoints()
            .iterator()
            .next();
    assertThat(calls.getValue()).isEqualTo(2);
    assertThat(calls.getAttributes().asMap())
        .containsOnly(
            Map.entry(AttributeKey.stringKey("service.name"), "shop"),
            Map.entry(AttributeKey.stringKey("span.name"), "GET"),
            Map.entry(AttributeKey.stringKey("span.kind"), "SPAN_KIND_SERVER"),
            Map.entry(AttributeKey.stringKey("status.code"), "STATUS_CODE_UNSET"),
            Map.entry(AttributeKey.stringKey("source"), "sonde"),
            Map.entry(AttributeKey.stringKey("telemetry.sdk.language"), "go"));
    assertThat(sum(store, "traces_spanmetrics_size_total")).isEqualTo(3);
    assertThat(sum(store, "traces_spanmetrics_response_size_total")).isEqualTo(100);
    HistogramPointData latency =
        metric(store, "traces_spanmetrics_latency")
            .getHistogramData()
            .getPoints()
            .iterator()
            .next();
    assertThat(latency.getSum()).isCloseTo(0.322, within(1e-9));
  }

  private static long sum(MetricStore store, String name) {
    return metric(store, name).getLongSumData().getPoints().stream()
        .mapToLong(LongPointData::getValue)
        .sum();
  }

  @Test
  void openTelemetrysNamesAndThoseOfTheConventionsStandBesideThem() {
    MetricStore store =
        store(
            MetricsConfig.DEFAULT.withFeatures(
                Set.of(Feature.APPLICATION, Feature.APPLICATION_SPAN_OTEL)));
    store.accept(exchange().by(SHOP).sizes(-1, -1).role(Role.CLIENT).build());
    assertThat(store.collect(NOW))
        .extracting(MetricData::getName)
        .containsExactlyInAnyOrder(
            "http.client.request.duration",
            "traces.span.metrics.duration",
            "traces.span.metrics.calls");
  }

  @Test
  void spansBeyondTheLimitAreCountedTogetherByKindAndStatus() {
    MetricStore store = store(SPANS);
    for (String method : new String[] {"GET", "PUT", "POST", "DELETE", "POST"}) {
      store.accept(exchange().by(SHOP).method(method).build());
    }
    store.accept(exchange().by(SHOP).method("POST").status(500, "500").build());
    assertThat(sum(store, "traces_spanmetrics_calls_total")).isEqualTo(6);
    assertThat(
            metric(store, "traces_spanmetrics_calls_total").getLongSumData().getPoints().stream()
                .filter(
                    point ->
                        SpanMetrics.OTHERS.equals(
                            point.getAttributes().get(AttributeKey.stringKey("span.name"))))
                .mapToLong(LongPointData::getValue))
        .containsExactlyInAnyOrder(3L, 1L);
    assertThat(account.lostTotal(LossCause.SERIES_LIMIT)).isEqualTo(4);
    assertThat(account.pending()).isZero();
  }

  @Test
  void deltasOfSpansBeginAnewToo() {
    MetricStore store = store(SPANS.withTemporality(Temporality.DELTA));
    store.accept(exchange().by(SHOP).build());
    assertThat(sum(store, "traces_spanmetrics_calls_total")).isEqualTo(1);
    assertThat(store.collect(NOW)).isEmpty();
    store.accept(exchange().by(SHOP).build());
    assertThat(sum(store, "traces_spanmetrics_calls_total")).isEqualTo(1);
  }

  @Test
  void withoutAnyFeatureNothingIsCountedAndThatIsTold() {
    MetricStore store = store(MetricsConfig.DEFAULT.withFeatures(Set.of()));
    store.accept(exchange().by(SHOP).build());
    assertThat(store.collect(NOW)).isEmpty();
    assertThat(account.lostTotal(LossCause.NOT_TO_BE_EXPORTED)).isEqualTo(1);
  }

  @Test
  void httpMetricsAreToldByTheirFormerNamesTooWhereThatIsWanted() {
    MetricStore store =
        store(MetricsConfig.DEFAULT.withNaming(new Naming(true, Naming.DEFAULT.rpc())));
    store.accept(exchange().by(SHOP).sizes(3, 70).build());

    MetricData former = metric(store, "http.server.duration");
    assertThat(former.getUnit()).isEqualTo("ms");
    HistogramPointData duration = former.getHistogramData().getPoints().iterator().next();
    assertThat(duration.getSum()).isCloseTo(12, within(1e-9));
    assertThat(duration.getBoundaries()).contains(5.0, 10.0, 7500.0, 10000.0);
    assertThat(duration.getCounts().indexOf(1L)).isEqualTo(3);
    assertThat(duration.getAttributes().asMap())
        .containsOnly(
            Map.entry(AttributeKey.stringKey("http.method"), "GET"),
            Map.entry(AttributeKey.longKey("http.status_code"), 200L),
            Map.entry(AttributeKey.stringKey("http.scheme"), "http"),
            Map.entry(AttributeKey.stringKey("net.host.name"), "shop.example"),
            Map.entry(AttributeKey.longKey("net.host.port"), 8080L),
            Map.entry(AttributeKey.stringKey("service.name"), "shop"));
    assertThat(store.collect(NOW))
        .extracting(MetricData::getName)
        .contains(
            "http.server.request.duration",
            "http.server.request.size",
            "http.server.response.size",
            "http.server.request.body.size");
  }
}
