package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Takes the points of one service off its histograms. For one use, under the store's lock. */
final class PointCollector {
  private final boolean delta;
  private final long sinceUnixNs;
  private final long nowUnixNs;
  private final Map<Instrument, List<HistogramPointData>> explicit =
      new EnumMap<>(Instrument.class);
  private final Map<Instrument, List<ExponentialHistogramPointData>> exponential =
      new EnumMap<>(Instrument.class);
  private final Map<SpanCounter, List<LongPointData>> sums = new EnumMap<>(SpanCounter.class);

  /**
   * @param delta whether histograms begin anew once they are told
   * @param sinceUnixNs when they were told before; series that began later start later
   * @param nowUnixNs end of all points
   */
  PointCollector(boolean delta, long sinceUnixNs, long nowUnixNs) {
    this.delta = delta;
    this.sinceUnixNs = sinceUnixNs;
    this.nowUnixNs = nowUnixNs;
  }

  void add(ExchangeSeries series) {
    long start = start(series.startUnixNs());
    series.all().forEach(named -> add(named.histograms(), start, named.attributes()));
  }

  void add(SpanSeries series) {
    long start = start(series.startUnixNs());
    add(series.latencies(), start, series.attributes());
    series
        .counters()
        .forEach(
            (counter, total) -> {
              if (total != 0 || !delta) {
                sums.computeIfAbsent(counter, c -> new ArrayList<>())
                    .add(LongPointData.create(start, nowUnixNs, series.attributes(), total));
              }
            });
    if (delta) {
      series.resetCounters();
    }
  }

  /** A clock that was set back must not make a point end before it starts. */
  private long start(long seriesUnixNs) {
    return Math.min(Math.max(seriesUnixNs, sinceUnixNs), nowUnixNs);
  }

  private void add(List<Histogram> histograms, long start, Attributes attributes) {
    for (Histogram histogram : histograms) {
      if (histogram.isEmpty()) {
        continue;
      }
      Instrument instrument = histogram.shape().instrument();
      if (histogram.shape().isExplicit()) {
        explicit
            .computeIfAbsent(instrument, i -> new ArrayList<>())
            .add(histogram.explicitPoint(start, nowUnixNs, attributes));
      } else {
        exponential
            .computeIfAbsent(instrument, i -> new ArrayList<>())
            .add(histogram.exponentialPoint(start, nowUnixNs, attributes));
      }
      if (delta) {
        histogram.reset();
      }
    }
  }

  /** One per instrument that has points. */
  List<MetricData> metrics(Resource resource) {
    AggregationTemporality temporality =
        delta ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
    List<MetricData> metrics = new ArrayList<>();
    explicit.forEach(
        (instrument, points) ->
            metrics.add(
                metric(
                    resource,
                    instrument,
                    MetricDataType.HISTOGRAM,
                    HistogramData.create(temporality, points))));
    exponential.forEach(
        (instrument, points) ->
            metrics.add(
                metric(
                    resource,
                    instrument,
                    MetricDataType.EXPONENTIAL_HISTOGRAM,
                    ExponentialHistogramData.create(temporality, points))));
    sums.forEach(
        (counter, points) ->
            metrics.add(
                new CollectedMetric(
                    resource,
                    counter.metric(),
                    counter.description(),
                    counter.unit(),
                    MetricDataType.LONG_SUM,
                    SumData.createLongSumData(true, temporality, points))));
    return metrics;
  }

  private static MetricData metric(
      Resource resource, Instrument instrument, MetricDataType type, Data<?> data) {
    return new CollectedMetric(
        resource, instrument.metric(), instrument.description(), instrument.unit(), type, data);
  }
}
