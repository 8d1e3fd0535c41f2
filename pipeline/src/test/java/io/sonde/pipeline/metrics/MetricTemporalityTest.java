package io.sonde.pipeline.metrics;

import static io.sonde.pipeline.exchange.HttpExchanges.MS;
import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.sonde.pipeline.MetricsConfig;
import io.sonde.pipeline.MetricsConfig.Exponential;
import io.sonde.pipeline.MetricsConfig.Temporality;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.linking.Trace;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricTemporalityTest {
  private static final long NOW = 2_000_000_000_000_000_000L;
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
  private static final String DURATION = "http.server.request.duration";
  private static final Service SHOP = Observed.service("shop", 42);
  private static final MetricsConfig DELTA =
      MetricsConfig.DEFAULT.withTemporality(Temporality.DELTA);

  private static MetricStore store(MetricsConfig config) {
    return new MetricStore(10, config, new Account("metrics"), new Folding());
  }

  @ParameterizedTest
  @EnumSource(names = {"DELTA", "LOWMEMORY"})
  void aDeltaTellsWhatCameSinceThePointBeforeAndBeginsWhereThatEnded(Temporality temporality) {
    MetricStore store = store(MetricsConfig.DEFAULT.withTemporality(temporality));
    store.accept(exchange().by(SHOP).build());
    store.accept(exchange().by(SHOP).queued(300 * MS).build());
    MetricData first = duration(store.collect(NOW));
    assertThat(first.getHistogramData().getAggregationTemporality())
        .isEqualTo(AggregationTemporality.DELTA);
    assertThat(point(first).getCount()).isEqualTo(2);
    assertThat(point(first).getMax()).isEqualTo(0.31);

    store.accept(exchange().by(SHOP).build());
    HistogramPointData second = point(duration(store.collect(NOW + MINUTE)));
    assertThat(second.getCount()).isEqualTo(1);
    assertThat(second.getSum()).isCloseTo(0.012, within(1e-12));
    assertThat(second.getMax()).isEqualTo(0.012);
    assertThat(second.getStartEpochNanos()).isEqualTo(NOW);
    assertThat(second.getEpochNanos()).isEqualTo(NOW + MINUTE);

    assertThat(store.collect(NOW + 2 * MINUTE)).as("nothing new").isEmpty();
    store.accept(exchange().by(SHOP).build());
    assertThat(point(duration(store.collect(NOW + 3 * MINUTE))).getStartEpochNanos())
        .isEqualTo(NOW + 2 * MINUTE);
  }

  @Test
  void deltasAddUpToTheCumulativeCount() {
    MetricStore deltas = store(DELTA.withExponential(true, Exponential.DEFAULT));
    MetricStore cumulative = store(MetricsConfig.DEFAULT);
    Random random = new Random(7);
    long count = 0;
    double sum = 0;
    for (int interval = 1; interval <= 20; interval++) {
      for (int i = random.nextInt(50); i >= 0; i--) {
        var exchange = exchange().by(SHOP).queued(random.nextInt(5000) * MS).build();
        deltas.accept(exchange);
        cumulative.accept(exchange);
      }
      HistogramPoint point = (HistogramPoint) point(duration(deltas.collect(NOW + interval)));
      count += point.getCount();
      sum += point.getSum();
      assertThat(point.exponential().getCount()).isEqualTo(point.getCount());
    }
    HistogramPointData total = point(duration(cumulative.collect(NOW)));
    assertThat(count).isEqualTo(total.getCount());
    assertThat(sum).isCloseTo(total.getSum(), within(1e-6));
  }

  @Test
  void anExemplarIsToldInOneDeltaOnly() {
    MetricStore store = store(DELTA);
    store.accept(
        new Trace(
            exchange().by(SHOP).build(),
            SpanContext.create(
                "0af7651916cd43dd8448eb211c80319c",
                "00000000000000a1",
                TraceFlags.getSampled(),
                TraceState.getDefault()),
            SpanContext.getInvalid(),
            null,
            null));
    assertThat(point(duration(store.collect(NOW))).getExemplars()).hasSize(1);
    store.accept(exchange().by(SHOP).build());
    assertThat(point(duration(store.collect(NOW + 1))).getExemplars()).isEmpty();
  }

  @Test
  void aSeriesIsNotForgottenBeforeItsLastDeltaIsTold() {
    MetricStore store = store(DELTA);
    store.accept(exchange().by(SHOP).build());
    store.expire(MINUTE);
    store.expire(7 * MINUTE);
    assertThat(point(duration(store.collect(NOW))).getCount()).isEqualTo(1);
    store.expire(7 * MINUTE);
    store.accept(exchange().by(SHOP).build());
    assertThat(point(duration(store.collect(NOW + 1))).getCount()).isEqualTo(1);
  }

  @Test
  void aSeriesThatComesBackAfterItsTimeToLiveBeginsAnew() {
    MetricStore store = store(MetricsConfig.DEFAULT);
    store.accept(exchange().by(SHOP).build());
    store.expire(MINUTE);
    store.expire(7 * MINUTE);
    assertThat(store.collect(NOW)).isEmpty();

    store.accept(exchange().by(SHOP).queued(1000 * MS).build());
    HistogramPointData again = point(duration(store.collect(NOW)));
    assertThat(again.getCount()).isEqualTo(1);
    assertThat(again.getStartEpochNanos())
        .as("when its first exchange ended")
        .isEqualTo(1_000_000_002_010_000_000L);
  }

  @Test
  void exponentialHistogramsAreToldInsteadOfExplicitOnes() {
    MetricStore store =
        store(MetricsConfig.DEFAULT.withExponential(false, new Exponential(20, 160)));
    store.accept(exchange().by(SHOP).build());
    store.accept(exchange().by(SHOP).queued(300 * MS).build());

    MetricData duration = duration(store.collect(NOW));
    assertThat(duration.getType()).isEqualTo(MetricDataType.EXPONENTIAL_HISTOGRAM);
    assertThat(duration.getExponentialHistogramData().getAggregationTemporality())
        .isEqualTo(AggregationTemporality.CUMULATIVE);
    ExponentialHistogramPointData point =
        duration.getExponentialHistogramData().getPoints().iterator().next();
    assertThat(point.getCount()).isEqualTo(2);
    assertThat(point.getSum()).isCloseTo(0.322, within(1e-12));
    assertThat(point.getMin()).isEqualTo(0.012);
    assertThat(point.getMax()).isEqualTo(0.31);
    assertThat(point.getPositiveBuckets().getBucketCounts().stream().mapToLong(n -> n).sum())
        .isEqualTo(2);
  }

  @Test
  void outputsThatWantTheSameShareOneCount() {
    MetricsConfig plain = MetricsConfig.DEFAULT;
    MetricsConfig natives = plain.withExponential(true, new Exponential(3, 160));
    MetricsConfig exponential = plain.withExponential(false, Exponential.DEFAULT);

    assertThat(plain.shared(plain)).contains(plain);
    assertThat(plain.shared(natives)).contains(natives);
    assertThat(natives.shared(plain)).contains(natives);
    assertThat(natives.shared(natives)).contains(natives);
    assertThat(List.of(DELTA, exponential, plain.withExponential(true, Exponential.DEFAULT)))
        .allSatisfy(other -> assertThat(other.shared(natives)).isEmpty());
    assertThat(exponential.shared(plain)).isEmpty();
    assertThat(plain.shared(exponential)).isEmpty();
    assertThat(DELTA.shared(DELTA)).as("a delta is for one reader").isEmpty();
  }

  private static MetricData duration(Collection<MetricData> metrics) {
    return metrics.stream().filter(m -> m.getName().equals(DURATION)).findFirst().orElseThrow();
  }

  private static HistogramPointData point(MetricData metric) {
    return metric.getHistogramData().getPoints().iterator().next();
  }
}
