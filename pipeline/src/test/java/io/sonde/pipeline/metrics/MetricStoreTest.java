package io.sonde.pipeline.metrics;

import static io.sonde.pipeline.exchange.HttpExchanges.MS;
import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.sonde.pipeline.MetricsConfig;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.HttpExchanges;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.identity.ServiceOverrides;
import io.sonde.pipeline.linking.Trace;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class MetricStoreTest {
  private static final long NOW = 2_000_000_000_000_000_000L;
  private static final String DURATION = "http.server.request.duration";
  private static final Service SHOP = Observed.service("shop", 42);

  private final Account account = new Account("metrics");
  private final MetricStore store =
      new MetricStore(3, MetricsConfig.DEFAULT, account, new Folding());

  @Test
  void aServiceOfWhichOnlyTracesAreToBeExportedHasNoMetricsAndIsCounted() {
    ServiceOverrides tracesOnly =
        new ServiceOverrides(
            Optional.empty(),
            Optional.empty(),
            Optional.of(Set.of(ServiceOverrides.Export.TRACES)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    store.accept(exchange().by(HttpExchanges.service("shop", 42, tracesOnly)).build());

    assertThat(store.collect(NOW)).isEmpty();
    assertThat(account.lostTotal(LossCause.NOT_TO_BE_EXPORTED)).isEqualTo(1);
  }

  @Test
  void anExchangeIsCountedInTheBucketsOfItsDurationAndSizes() {
    store.accept(exchange().by(SHOP).sizes(64, 65).build());

    HistogramPointData duration = onlyPoint(DURATION);
    assertThat(duration.getSum()).isCloseTo(0.012, within(1e-12));
    assertThat(duration.getBoundaries())
        .containsExactly(
            0.0, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);
    assertThat(duration.getCounts().indexOf(1L)).isEqualTo(3);
    assertThat(duration.getCount()).isEqualTo(1);
    assertThat(duration.getStartEpochNanos()).isEqualTo(1_000_000_001_012_000_000L);
    assertThat(duration.getEpochNanos()).isEqualTo(NOW);

    HistogramPointData request = onlyPoint("http.server.request.body.size");
    assertThat(request.getBoundaries())
        .containsExactly(0.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0, 8192.0);
    assertThat(request.getCounts().indexOf(1L)).as("bounds are inclusive").isEqualTo(2);
    assertThat(onlyPoint("http.server.response.body.size").getCounts().indexOf(1L)).isEqualTo(3);
  }

  @Test
  void theAttributesAreThoseOfTheSemanticConventions() {
    store.accept(exchange().by(SHOP).method("BREW").status(500, "500").build());
    assertThat(onlyPoint(DURATION).getAttributes().asMap())
        .containsOnly(
            Map.entry(AttributeKey.stringKey("http.request.method"), "_OTHER"),
            Map.entry(AttributeKey.longKey("http.response.status_code"), 500L),
            Map.entry(AttributeKey.stringKey("url.scheme"), "http"),
            Map.entry(AttributeKey.stringKey("server.address"), "shop.example"),
            Map.entry(AttributeKey.longKey("server.port"), 8080L),
            Map.entry(AttributeKey.stringKey("error.type"), "500"),
            Map.entry(AttributeKey.stringKey("service.name"), "shop"));
  }

  @Test
  void anExchangeWithoutAnAnswerHasNoStatus() {
    store.accept(exchange().by(SHOP).status(0, "connection_closed").build());

    assertThat(onlyPoint(DURATION).getAttributes().asMap())
        .doesNotContainKey(AttributeKey.longKey("http.response.status_code"))
        .containsEntry(AttributeKey.stringKey("error.type"), "connection_closed");
  }

  @Test
  void unknownSizesAreNotCounted() {
    store.accept(exchange().by(SHOP).sizes(-1, -1).build());

    assertThat(store.collect(NOW)).extracting(MetricData::getName).containsExactly(DURATION);
  }

  @Test
  void callsMadeAndCallsServedAreApart() {
    store.accept(exchange().by(SHOP).build());
    store.accept(exchange().by(SHOP).role(Role.CLIENT).build());

    assertThat(store.collect(NOW))
        .extracting(MetricData::getName)
        .containsExactly(
            "http.server.request.duration",
            "http.server.request.body.size",
            "http.server.response.body.size",
            "http.client.request.duration",
            "http.client.request.body.size",
            "http.client.response.body.size");
  }

  @Test
  void metricsCarryTheVeryResourceOfTheirService() {
    store.accept(exchange().by(SHOP).build());

    assertThat(store.collect(NOW))
        .allSatisfy(
            metric -> {
              assertThat(metric.getResource()).isSameAs(SHOP.resource());
              assertThat(metric.getInstrumentationScopeInfo().getName()).isEqualTo("io.sonde");
              assertThat(metric.getHistogramData().getAggregationTemporality())
                  .isEqualTo(AggregationTemporality.CUMULATIVE);
            });
  }

  @Test
  void seriesGoOnWhenARestartedCaptureAnnouncesTheServiceAnew() {
    Service again = Observed.service("shop", 42);
    store.accept(exchange().by(SHOP).build());
    store.accept(exchange().by(again).build());
    store.accept(exchange().by(SHOP).build());

    assertThat(onlyPoint(DURATION).getCount()).isEqualTo(3);
    assertThat(only(DURATION).getResource()).isSameAs(SHOP.resource());
  }

  @Test
  void instancesOfAServiceAreApart() {
    store.accept(exchange().by(SHOP).build());
    store.accept(exchange().by(Observed.service("shop", 43)).build());

    assertThat(named(DURATION)).hasSize(2);
  }

  @Test
  void beyondTheLimitOneOverflowSeriesCountsAndNothingIsMissing() {
    for (int status = 200; status < 207; status++) {
      store.accept(exchange().by(SHOP).status(status, null).build());
    }
    store.accept(exchange().by(SHOP).status(200, null).build());

    List<HistogramPointData> points = List.copyOf(only(DURATION).getHistogramData().getPoints());
    assertThat(points).hasSize(4);
    HistogramPointData overflow =
        points.stream()
            .filter(p -> p.getAttributes().get(RoleSeries.OVERFLOW) != null)
            .findFirst()
            .orElseThrow();
    assertThat(overflow.getCount()).isEqualTo(4);
    assertThat(overflow.getAttributes().asMap())
        .containsOnly(
            Map.entry(RoleSeries.OVERFLOW, true),
            Map.entry(AttributeKey.stringKey("service.name"), "shop"));
    assertThat(points.stream().mapToLong(HistogramPointData::getCount).sum()).isEqualTo(8);
    assertThat(account.inTotal()).isEqualTo(8);
    assertThat(account.outTotal()).isEqualTo(4);
    assertThat(account.lostTotal(LossCause.SERIES_LIMIT)).isEqualTo(4);
  }

  @Test
  void memoryIsBoundedForAllServicesTogether() {
    MetricStore wide =
        new MetricStore(MetricStore.MAX_SERIES, MetricsConfig.DEFAULT, account, new Folding());
    HttpExchange any = exchange().by(SHOP).build();
    Service other = Observed.service("other", 7);
    for (int i = 0; i < MetricStore.MAX_SERIES; i++) {
      wide.accept(Observed.withServerAddress(any, "host" + i));
    }
    assertThat(account.lostTotal(LossCause.SERIES_LIMIT)).isZero();
    wide.accept(exchange().by(other).build());
    assertThat(account.lostTotal(LossCause.SERIES_LIMIT)).isEqualTo(1);

    wide.expire(0);
    wide.expire(MetricsConfig.DEFAULT.ttl().toNanos() + 1);
    wide.accept(exchange().by(other).build());
    assertThat(account.lostTotal(LossCause.SERIES_LIMIT)).as("there is room again").isEqualTo(1);
  }

  @Test
  void moreServicesThanAreKeptAreCountedTogether() {
    for (int i = 0; i < MetricStore.MAX_SERVICES + 3; i++) {
      store.accept(exchange().by(HttpExchanges.service("s", i + 1)).sizes(-1, -1).build());
    }
    List<MetricData> durations = named(DURATION);
    assertThat(durations).hasSize(MetricStore.MAX_SERVICES + 1);
    assertThat(
            durations.stream()
                .flatMap(metric -> metric.getHistogramData().getPoints().stream())
                .mapToLong(HistogramPointData::getCount)
                .sum())
        .isEqualTo(MetricStore.MAX_SERVICES + 3);
  }

  @Test
  void aSeriesThatIsIdleForTheTimeToLiveIsForgottenAndItsServiceWithIt() {
    long minute = TimeUnit.MINUTES.toNanos(1);
    store.accept(exchange().by(SHOP).status(200, null).build());
    store.accept(exchange().by(SHOP).status(404, null).build());
    store.expire(minute);
    store.accept(exchange().by(SHOP).status(404, null).build());
    store.expire(3 * minute);

    store.expire(6 * minute);
    assertThat(only(DURATION).getHistogramData().getPoints()).hasSize(2);
    store.expire(6 * minute + 1);
    assertThat(onlyPoint(DURATION).getCount()).as("only the one used later").isEqualTo(2);
    store.expire(8 * minute + 1);
    assertThat(store.collect(NOW)).isEmpty();
  }

  @Test
  void theExemplarsOfADurationAreTheLatestSpanOfEachBucket() {
    String traceId = "0af7651916cd43dd8448eb211c80319c";
    store.accept(traced(exchange().by(SHOP).build(), traceId, "00000000000000a1"));
    store.accept(traced(exchange().by(SHOP).queued(300 * MS).build(), traceId, "00000000000000a2"));
    store.accept(traced(exchange().by(SHOP).queued(3 * MS).build(), traceId, "00000000000000a3"));
    store.accept(exchange().by(SHOP).queued(4 * MS).build());

    List<DoubleExemplarData> exemplars = onlyPoint(DURATION).getExemplars();
    assertThat(exemplars)
        .extracting(e -> e.getSpanContext().getSpanId())
        .containsExactly("00000000000000a3", "00000000000000a2");
    assertThat(exemplars).extracting(DoubleExemplarData::getValue).containsExactly(0.013, 0.31);
    assertThat(exemplars)
        .extracting(DoubleExemplarData::getEpochNanos)
        .containsExactly(1_000_000_001_013_000_000L, 1_000_000_001_310_000_000L);
    assertThat(exemplars)
        .allMatch(e -> e.getSpanContext().getTraceId().equals(traceId))
        .allMatch(e -> e.getSpanContext().isSampled());
    assertThat(onlyPoint(DURATION).getCount()).isEqualTo(4);
    assertThat(onlyPoint("http.server.request.body.size").getExemplars()).isEmpty();
  }

  @Test
  void recordingInAKnownSeriesMakesNoGarbage() {
    HttpExchange server = exchange().by(SHOP).build();
    HttpExchange client = exchange().by(SHOP).role(Role.CLIENT).status(404, "404").build();
    Trace trace = traced(server, "0af7651916cd43dd8448eb211c80319c", "00000000000000a1");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    int rounds = 100_000;
    for (int i = 0; i < rounds; i++) {
      store.accept(trace);
      store.accept(client);
    }
    long before = threads.getThreadAllocatedBytes(self);
    for (int i = 0; i < rounds; i++) {
      store.accept(trace);
      store.accept(client);
    }
    long allocated = threads.getThreadAllocatedBytes(self) - before;
    // A byte per exchange would be 200,000; asking itself costs a little.
    assertThat(allocated).isLessThan(2_000);
  }

  @Test
  void pointsAreWholeWhileTheyAreBeingCounted() {
    HttpExchange sample = exchange().by(SHOP).sizes(1, 2).build();
    Map<String, Double> each =
        Map.of(
            DURATION,
            0.012,
            "http.server.request.body.size",
            1.0,
            "http.server.response.body.size",
            2.0);
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Long> counting =
        CompletableFuture.supplyAsync(
            () -> {
              long n = 0;
              while (!stop.get()) {
                store.accept(sample);
                n++;
              }
              return n;
            });
    try {
      long last = 0;
      while (last < 20_000) { // the counting may begin late
        Collection<MetricData> metrics = store.collect(NOW);
        long count = 0;
        for (MetricData metric : metrics) {
          HistogramPointData point = metric.getHistogramData().getPoints().iterator().next();
          count = point.getCount();
          assertThat(point.getSum())
              .isCloseTo(each.get(metric.getName()) * count, within(1e-6 * count));
        }
        assertThat(count).isGreaterThanOrEqualTo(last);
        last = count;
      }
    } finally {
      stop.set(true);
    }
    long counted = counting.join(); // before the last look
    assertThat(onlyPoint(DURATION).getCount()).isEqualTo(counted);
  }

  private static Trace traced(HttpExchange exchange, String traceId, String spanId) {
    SpanContext context =
        SpanContext.create(traceId, spanId, TraceFlags.getSampled(), TraceState.getDefault());
    return new Trace(exchange, context, SpanContext.getInvalid(), null, null);
  }

  private List<MetricData> named(String name) {
    return store.collect(NOW).stream().filter(metric -> metric.getName().equals(name)).toList();
  }

  private MetricData only(String name) {
    assertThat(named(name)).hasSize(1);
    return named(name).get(0);
  }

  private HistogramPointData onlyPoint(String name) {
    assertThat(only(name).getHistogramData().getPoints()).hasSize(1);
    return only(name).getHistogramData().getPoints().iterator().next();
  }
}
