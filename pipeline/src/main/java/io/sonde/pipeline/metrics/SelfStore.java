package io.sonde.pipeline.metrics;

import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import io.sonde.pipeline.MetricsConfig.Temporality;
import io.sonde.pipeline.accounting.SelfMetric;
import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.identity.SondeResource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sonde's own metrics, collected for OTLP with a Resource of their own. For one thread. */
public final class SelfStore {
  private final Resource resource = SondeResource.create();
  private final SelfMetrics self;
  private final boolean delta;

  /** Totals by metric and labels, as last told; only where what is told are differences. */
  private final Map<String, Map<Map<String, String>, Double>> told = new HashMap<>();

  private long startNs;

  /**
   * @param startNs when counting began, ns since 1970
   */
  public SelfStore(SelfMetrics self, Temporality temporality, long startNs) {
    this.self = self;
    this.delta = temporality.deltaOfObservedCounters();
    this.startNs = startNs;
  }

  /**
   * All of them as they are now; a metric without any point is left out.
   *
   * @param nowNs ns since 1970
   */
  public List<MetricData> collect(long nowNs) {
    List<MetricData> metrics =
        self.collect().stream()
            .filter(metric -> !metric.points().isEmpty())
            .map(metric -> data(metric, nowNs))
            .toList();
    if (delta) {
      startNs = nowNs;
    }
    return metrics;
  }

  private MetricData data(SelfMetric metric, long nowNs) {
    boolean difference = delta && metric.type() == SelfMetric.Type.COUNTER;
    return SelfMetricData.of(
        resource,
        difference ? sinceTold(metric) : metric,
        difference ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
        Math.min(startNs, nowNs),
        nowNs);
  }

  /** A total that is smaller than before has begun anew, as that of a capture that came back. */
  private SelfMetric sinceTold(SelfMetric metric) {
    Map<Map<String, String>, Double> before = told.put(metric.name(), metric.points());
    if (before == null) {
      return metric;
    }
    Map<Map<String, String>, Double> differences = new HashMap<>();
    metric
        .points()
        .forEach(
            (labels, total) -> {
              double last = before.getOrDefault(labels, 0.0);
              differences.put(labels, total < last ? total : total - last);
            });
    return new SelfMetric(metric.name(), metric.help(), metric.unit(), metric.type(), differences);
  }
}
