package io.sonde.pipeline.export.prometheus;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.sonde.pipeline.accounting.SelfMetric;
import io.sonde.pipeline.identity.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sonde's own part of the page. */
final class SelfPage {
  private SelfPage() {}

  /** Nothing when Sonde tells nothing of itself here. */
  static List<MetricSnapshot> snapshots(List<SelfMetric> metrics) {
    List<MetricSnapshot> all = new ArrayList<>();
    for (SelfMetric metric : metrics) {
      all.add(metric.type() == SelfMetric.Type.COUNTER ? counter(metric) : gauge(metric));
    }
    if (!all.isEmpty()) {
      all.add(buildInfo());
    }
    return all;
  }

  /** The library appends {@code _total}. */
  private static CounterSnapshot counter(SelfMetric metric) {
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder().name(name(metric)).help(metric.help());
    metric
        .points()
        .forEach(
            (labels, value) ->
                counter.dataPoint(
                    CounterDataPointSnapshot.builder()
                        .labels(labels(labels))
                        .value(value)
                        .build()));
    return counter.build();
  }

  private static GaugeSnapshot gauge(SelfMetric metric) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name(metric)).help(metric.help());
    metric
        .points()
        .forEach(
            (labels, value) ->
                gauge.dataPoint(
                    GaugeDataPointSnapshot.builder().labels(labels(labels)).value(value).build()));
    return gauge.build();
  }

  /** With the unit, unless the name has it: "Prometheus and OpenMetrics Compatibility". */
  private static String name(SelfMetric metric) {
    String unit =
        switch (metric.unit()) {
          case "s" -> "_seconds";
          case "By" -> "_bytes";
          default -> "";
        };
    return metric.name().endsWith(unit) ? metric.name() : metric.name() + unit;
  }

  private static Labels labels(Map<String, String> labels) {
    return Labels.of(List.copyOf(labels.keySet()), List.copyOf(labels.values()));
  }

  private static InfoSnapshot buildInfo() {
    return InfoSnapshot.builder()
        .name("sonde_build")
        .help("The Sonde that made this page.")
        .dataPoint(
            InfoDataPointSnapshot.builder()
                .labels(Labels.of("version", Scope.INFO.getVersion()))
                .build())
        .build();
  }
}
