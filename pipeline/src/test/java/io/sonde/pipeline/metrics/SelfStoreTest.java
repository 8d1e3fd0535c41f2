package io.sonde.pipeline.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.sonde.pipeline.MetricsConfig.Temporality;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.SelfMetric;
import io.sonde.pipeline.accounting.SelfMetrics;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SelfStoreTest {
  private final SelfMetrics self = new SelfMetrics();
  private final SelfStore store = new SelfStore(self, Temporality.CUMULATIVE, 1_000);

  private MetricData metric(String name) {
    List<MetricData> found =
        store.collect(2_000).stream().filter(metric -> metric.getName().equals(name)).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  void countersAreCumulativeSumsOfWholeNumbersSinceTheStart() {
    self.spans().accepted(7);
    MetricData accepted = metric("otelcol_receiver_accepted_spans");
    assertThat(accepted.getType()).isEqualTo(MetricDataType.LONG_SUM);
    assertThat(accepted.getUnit()).isEqualTo("{span}");
    assertThat(accepted.getLongSumData().isMonotonic()).isTrue();
    assertThat(accepted.getLongSumData().getPoints())
        .containsExactly(
            LongPointData.create(
                1_000,
                2_000,
                Attributes.of(
                    AttributeKey.stringKey("receiver"),
                    "sonde",
                    AttributeKey.stringKey("transport"),
                    "bpf"),
                7));
  }

  @Test
  void timesAreFractionsAndSizesAreGauges() {
    assertThat(metric("otelcol_process_uptime").getType()).isEqualTo(MetricDataType.DOUBLE_SUM);
    MetricData resident = metric("otelcol_process_memory_rss");
    assertThat(resident.getType()).isEqualTo(MetricDataType.LONG_GAUGE);
    assertThat(resident.getLongGaugeData().getPoints())
        .allSatisfy(point -> assertThat(point.getValue()).isGreaterThan(1 << 20));
  }

  @Test
  void theyAreSondesOwnAndNoServices() {
    assertThat(store.collect(2_000))
        .extracting(MetricData::getResource)
        .containsOnly(metric("otelcol_process_uptime").getResource());
    assertThat(metric("otelcol_process_uptime").getResource().getAttributes().asMap())
        .containsEntry(AttributeKey.stringKey("service.name"), "sonde")
        .containsEntry(AttributeKey.longKey("process.pid"), ProcessHandle.current().pid())
        .containsKeys(
            AttributeKey.stringKey("service.version"),
            AttributeKey.stringKey("service.instance.id"),
            AttributeKey.stringKey("host.name"));
  }

  @Test
  void theNumbersAreThoseOfThePage() {
    Account account = new Account("decode");
    account.in(3);
    self.register(account);
    assertThat(store.collect(2_000).stream().map(MetricData::getName).collect(Collectors.toSet()))
        .isEqualTo(
            self.collect().stream()
                .filter(metric -> !metric.points().isEmpty())
                .map(SelfMetric::name)
                .collect(Collectors.toSet()));
    assertThat(metric("sonde_stage_in").getLongSumData().getPoints())
        .extracting(LongPointData::getValue)
        .containsExactly(3L);
  }

  @Test
  void asDeltasCountersTellWhatCameSinceTheLastTimeAndGaugesWhatIs() {
    SelfStore deltas = new SelfStore(self, Temporality.DELTA, 1_000);
    self.spans().accepted(7);
    assertThat(accepted(deltas, 2_000)).extracting(LongPointData::getValue).isEqualTo(7L);
    self.spans().accepted(2);
    LongPointData second = accepted(deltas, 3_000);
    assertThat(second.getValue()).isEqualTo(2);
    assertThat(second.getStartEpochNanos()).isEqualTo(2_000);
    assertThat(accepted(deltas, 4_000).getValue()).isZero();
    assertThat(deltas.collect(5_000))
        .filteredOn(metric -> metric.getName().equals("otelcol_process_memory_rss"))
        .singleElement()
        .satisfies(
            metric ->
                assertThat(metric.getLongGaugeData().getPoints())
                    .allMatch(point -> point.getValue() > 1 << 20));
  }

  @Test
  void lowmemoryKeepsCountersThatAreReadAsTotalsCumulative() {
    SelfStore low = new SelfStore(self, Temporality.LOWMEMORY, 1_000);
    self.spans().accepted(7);
    accepted(low, 2_000);
    assertThat(accepted(low, 3_000).getValue()).isEqualTo(7);
  }

  private static LongPointData accepted(SelfStore store, long nowNs) {
    return store.collect(nowNs).stream()
        .filter(metric -> metric.getName().equals("otelcol_receiver_accepted_spans"))
        .findFirst()
        .orElseThrow()
        .getLongSumData()
        .getPoints()
        .iterator()
        .next();
  }
}
