package io.sonde.pipeline.metrics;

import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.identity.SondeResource;
import java.util.List;

/** Sonde's own metrics, collected for OTLP with a Resource of their own. */
public final class SelfStore {
  private final Resource resource = SondeResource.create();
  private final SelfMetrics self;
  private final long startNs;

  /**
   * @param startNs when counting began, ns since 1970
   */
  public SelfStore(SelfMetrics self, long startNs) {
    this.self = self;
    this.startNs = startNs;
  }

  /**
   * All of them as they are now; a metric without any point is left out.
   *
   * @param nowNs ns since 1970
   */
  public List<MetricData> collect(long nowNs) {
    return self.collect().stream()
        .filter(metric -> !metric.points().isEmpty())
        .map(metric -> SelfMetricData.of(resource, metric, startNs, nowNs))
        .toList();
  }
}
