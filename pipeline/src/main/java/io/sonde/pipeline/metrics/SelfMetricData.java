package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
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
import io.sonde.pipeline.identity.Scope;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** One of Sonde's own metrics as the OTLP exporter wants it; the SDK has no public factory. */
record SelfMetricData(Resource resource, SelfMetric metric, MetricDataType type, Data<?> data)
    implements MetricData {

  /**
   * @param startNs since when counters count, ns since 1970
   * @param nowNs ns since 1970
   */
  static MetricData of(Resource resource, SelfMetric metric, long startNs, long nowNs) {
    boolean counter = metric.type() == SelfMetric.Type.COUNTER;
    if (metric.wholeNumbers()) {
      List<LongPointData> points =
          points(
              metric,
              (labels, value) -> LongPointData.create(startNs, nowNs, labels, value.longValue()));
      return counter
          ? new SelfMetricData(
              resource,
              metric,
              MetricDataType.LONG_SUM,
              SumData.createLongSumData(true, AggregationTemporality.CUMULATIVE, points))
          : new SelfMetricData(
              resource, metric, MetricDataType.LONG_GAUGE, GaugeData.createLongGaugeData(points));
    }
    List<DoublePointData> points =
        points(
            metric,
            (labels, value) -> DoublePointData.create(startNs, nowNs, labels, value, List.of()));
    return counter
        ? new SelfMetricData(
            resource,
            metric,
            MetricDataType.DOUBLE_SUM,
            SumData.createDoubleSumData(true, AggregationTemporality.CUMULATIVE, points))
        : new SelfMetricData(
            resource, metric, MetricDataType.DOUBLE_GAUGE, GaugeData.createDoubleGaugeData(points));
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

  @Override
  public Resource getResource() {
    return resource;
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return Scope.INFO;
  }

  @Override
  public String getName() {
    return metric.name();
  }

  @Override
  public String getDescription() {
    return metric.help();
  }

  @Override
  public String getUnit() {
    return metric.unit();
  }

  @Override
  public MetricDataType getType() {
    return type;
  }

  @Override
  public Data<?> getData() {
    return data;
  }
}
