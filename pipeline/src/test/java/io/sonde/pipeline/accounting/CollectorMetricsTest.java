package io.sonde.pipeline.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CollectorMetricsTest {
  private final ReceiverAccount spans = new ReceiverAccount();
  private final ReceiverAccount points = new ReceiverAccount();

  private static ExporterStatus exporter(String signal, String items, long size) {
    return new ExporterStatus(
        signal,
        items,
        ExporterStatus.State.OK,
        Instant.EPOCH,
        "",
        3,
        2,
        1,
        new ExporterStatus.Queue(size, 1000, 1, 1));
  }

  private Map<String, String> series(ExporterStatus... exporters) {
    Map<String, String> series = new TreeMap<>();
    for (SelfMetric metric : CollectorMetrics.of(spans, points, List.of(exporters))) {
      metric
          .points()
          .forEach((labels, value) -> series.put(metric.name() + labels, metric.unit() + value));
    }
    return series;
  }

  /** Names, labels and units as read off a Collector 0.158 and its metadata.yaml. */
  @Test
  void areNamedAndLabelledAsACollectorsOwn() {
    spans.accepted(7);
    spans.refused(2);
    spans.failed(1);
    points.accepted(9);
    String receiver = "{receiver=sonde, transport=bpf}";
    assertThat(series(exporter("traces", "spans", 10), exporter("metrics", "metric_points", 20)))
        .isEqualTo(
            new TreeMap<>(
                Map.ofEntries(
                    Map.entry("otelcol_receiver_accepted_spans" + receiver, "{span}7.0"),
                    Map.entry("otelcol_receiver_refused_spans" + receiver, "{span}2.0"),
                    Map.entry("otelcol_receiver_failed_spans" + receiver, "{span}1.0"),
                    Map.entry(
                        "otelcol_receiver_accepted_metric_points" + receiver, "{datapoint}9.0"),
                    Map.entry(
                        "otelcol_receiver_refused_metric_points" + receiver, "{datapoint}0.0"),
                    Map.entry("otelcol_receiver_failed_metric_points" + receiver, "{datapoint}0.0"),
                    Map.entry("otelcol_exporter_sent_spans{exporter=otlp}", "{span}3.0"),
                    Map.entry("otelcol_exporter_send_failed_spans{exporter=otlp}", "{span}2.0"),
                    Map.entry("otelcol_exporter_enqueue_failed_spans{exporter=otlp}", "{span}1.0"),
                    Map.entry(
                        "otelcol_exporter_sent_metric_points{exporter=otlp}", "{datapoint}3.0"),
                    Map.entry(
                        "otelcol_exporter_send_failed_metric_points{exporter=otlp}",
                        "{datapoint}2.0"),
                    Map.entry(
                        "otelcol_exporter_enqueue_failed_metric_points{exporter=otlp}",
                        "{datapoint}1.0"),
                    Map.entry(
                        "otelcol_exporter_queue_size{data_type=traces, exporter=otlp}",
                        "{byte}10.0"),
                    Map.entry(
                        "otelcol_exporter_queue_size{data_type=metrics, exporter=otlp}",
                        "{byte}20.0"),
                    Map.entry(
                        "otelcol_exporter_queue_capacity{data_type=traces, exporter=otlp}",
                        "{byte}1000.0"),
                    Map.entry(
                        "otelcol_exporter_queue_capacity{data_type=metrics, exporter=otlp}",
                        "{byte}1000.0"))));
  }

  @Test
  void whoExportsNothingOverOtlpHasNoExporter() {
    assertThat(series())
        .hasSize(6)
        .allSatisfy((name, value) -> assertThat(name).contains("receiver"));
  }
}
