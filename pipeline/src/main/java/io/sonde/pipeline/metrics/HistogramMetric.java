package io.sonde.pipeline.metrics;

import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.resources.Resource;
import io.sonde.pipeline.identity.Scope;
import java.util.List;

/** One instrument of one service, as the SDK would have collected it; it has no public factory. */
record HistogramMetric(Resource resource, Instrument instrument, HistogramData histogram)
    implements MetricData {

  HistogramMetric(Resource resource, Instrument instrument, List<HistogramPointData> points) {
    this(resource, instrument, HistogramData.create(AggregationTemporality.CUMULATIVE, points));
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
    return instrument.metric();
  }

  @Override
  public String getDescription() {
    return instrument.description();
  }

  @Override
  public String getUnit() {
    return instrument.unit();
  }

  @Override
  public MetricDataType getType() {
    return MetricDataType.HISTOGRAM;
  }

  @Override
  public HistogramData getData() {
    return histogram;
  }

  @Override
  public HistogramData getHistogramData() {
    return histogram;
  }
}
