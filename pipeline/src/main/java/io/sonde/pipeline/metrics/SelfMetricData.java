package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.resources.Resource;
import io.sonde.pipeline.accounting.SelfMetric;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Sonde's own metrics as the OTLP exporter wants them. */
final class SelfMetricData {
  private SelfMetricData() {}

  /**
   * @param temporality of counters
   * @param startNs since when counters count, ns since 1970
   * @param nowNs ns since 1970
   */
  static MetricData of(
      Resource resource,
      SelfMetric metric,
      AggregationTemporality temporality,
      long startNs,
      long nowNs) {
    boolean counter = metric.type() == SelfMetric.Type.COUNTER;
    if (metric.wholeNumbers()) {
      List<LongPointData> points =
          points(
              metric,
              (labels, value) -> LongPointData.create(startNs, nowNs, labels, value.longValue()));
      return counter
          ? collected(
              resource,
              metric,
              MetricDataType.LONG_SUM,
              SumData.createLongSumData(true, temporality, points))
          : collected(
              resource, metric, MetricDataType.LONG_GAUGE, GaugeData.createLongGaugeData(points));
    }
    List<DoublePointData> points =
        points(
            metric,
            (labels, value) -> DoublePointData.create(startNs, nowNs, labels, value, List.of()));
    return counter
        ? collected(
            resource,
            metric,
            MetricDataType.DOUBLE_SUM,
            SumData.createDoubleSumData(true, temporality, points))
        : collected(
            resource, metric, MetricDataType.DOUBLE_GAUGE, GaugeData.createDoubleGaugeData(points));
  }

  private static MetricData collected(
      Resource resource, SelfMetric metric, MetricDataType type, Data<?> data) {
    return new CollectedMetric(resource, metric.name(), metric.help(), metric.unit(), type, data);
  }

  private static <P> List<P> points(SelfMetric metric, BiFunction<Attributes, Double, P> point) {
    return metric.points().entrySet().stream()
        .map(entry -> point.apply(attributes(entry.getKey()), entry.getValue()))
        .toList();
  }

  private static Attributes attributes(Map<String, String> labels) {
    AttributesBuilder attributes = Attributes.builder();
    labels.forEach(attributes::put);
    return attributes.build();
  }
}
