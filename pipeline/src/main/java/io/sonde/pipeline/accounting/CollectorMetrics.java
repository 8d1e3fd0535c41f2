package io.sonde.pipeline.accounting;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Sonde's numbers under the names, labels and units by which a Collector 0.158 tells its own, so
 * that its dashboards and alerts read Sonde too. Sonde is in them a receiver {@code sonde} with the
 * transport {@code bpf} and an exporter {@code otlp}:
 *
 * <table>
 * <caption>Where each comes from</caption>
 * <tr><td>receiver_accepted, _refused, _failed</td><td>{@link ReceiverAccount}: spans as they are
 * handed to printer and exporter; metric points as they are collected for OTLP (a Prometheus scrape
 * takes nothing away and counts nowhere)</td></tr>
 * <tr><td>exporter_sent</td><td>{@link ExporterStatus#sent}</td></tr>
 * <tr><td>exporter_send_failed</td><td>{@link ExporterStatus#sendFailed}</td></tr>
 * <tr><td>exporter_enqueue_failed</td><td>{@link ExporterStatus#enqueueFailed}, also what was
 * dropped for something newer: a Collector drops the newest, Sonde the oldest</td></tr>
 * <tr><td>exporter_queue_size, _capacity</td><td>{@link ExporterStatus.Queue}, in bytes, as a
 * Collector has it with {@code sizer: bytes}; by default it counts requests</td></tr>
 * </table>
 *
 * <p>When OTLP is the only output, of spans: accepted + refused = sent + send_failed +
 * enqueue_failed + what still waits.
 */
final class CollectorMetrics {
  private static final Map<String, String> RECEIVER =
      labels("receiver", "sonde", "transport", "bpf");

  private CollectorMetrics() {}

  static List<SelfMetric> of(
      ReceiverAccount spans, ReceiverAccount metricPoints, List<ExporterStatus> exporters) {
    List<SelfMetric> all = new ArrayList<>();
    receiver(spans, "spans", "spans", "{span}", all);
    receiver(metricPoints, "metric_points", "metric points", "{datapoint}", all);
    for (ExporterStatus exporter : exporters) {
      exporter(exporter, all);
    }
    if (!exporters.isEmpty()) {
      all.add(
          queue(
              "size",
              "Current size of the sending queue (in bytes).",
              exporters,
              status -> status.queue().bytes()));
      all.add(
          queue(
              "capacity",
              "Fixed capacity of the sending queue (in bytes).",
              exporters,
              status -> status.queue().capacityBytes()));
    }
    return all;
  }

  private static void receiver(
      ReceiverAccount account, String items, String words, String unit, List<SelfMetric> all) {
    all.add(
        counter(
            "otelcol_receiver_accepted_" + items,
            "Number of " + words + " successfully pushed into the pipeline.",
            unit,
            RECEIVER,
            account.acceptedTotal()));
    all.add(
        counter(
            "otelcol_receiver_refused_" + items,
            "Number of " + words + " that could not be pushed into the pipeline.",
            unit,
            RECEIVER,
            account.refusedTotal()));
    all.add(
        counter(
            "otelcol_receiver_failed_" + items,
            "The number of "
                + words
                + " that failed to be processed by the receiver due to internal errors.",
            unit,
            RECEIVER,
            account.failedTotal()));
  }

  private static void exporter(ExporterStatus status, List<SelfMetric> all) {
    Map<String, String> labels = labels("exporter", "otlp");
    String words = status.items().replace('_', ' ');
    String unit = status.signal().equals("traces") ? "{span}" : "{datapoint}";
    all.add(
        counter(
            "otelcol_exporter_sent_" + status.items(),
            "Number of " + words + " successfully sent to destination.",
            unit,
            labels,
            status.sent()));
    all.add(
        counter(
            "otelcol_exporter_send_failed_" + status.items(),
            "Number of " + words + " in failed attempts to send to destination.",
            unit,
            labels,
            status.sendFailed()));
    all.add(
        counter(
            "otelcol_exporter_enqueue_failed_" + status.items(),
            "Number of " + words + " failed to be added to the sending queue, or dropped from it.",
            unit,
            labels,
            status.enqueueFailed()));
  }

  /** The unit in braces, as the Collector's {@code {batch}}: it gives the name no suffix. */
  private static SelfMetric queue(
      String what,
      String help,
      List<ExporterStatus> exporters,
      ToLongFunction<ExporterStatus> value) {
    Map<Map<String, String>, Double> points = new LinkedHashMap<>();
    for (ExporterStatus status : exporters) {
      points.merge(
          labels("data_type", status.signal(), "exporter", "otlp"),
          (double) value.applyAsLong(status),
          Double::sum);
    }
    return SelfMetric.gauge("otelcol_exporter_queue_" + what, help, "{byte}", points);
  }

  private static SelfMetric counter(
      String name, String help, String unit, Map<String, String> labels, long value) {
    return SelfMetric.counter(name, help, unit, Map.of(labels, (double) value));
  }

  private static Map<String, String> labels(String... namesAndValues) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      labels.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return labels;
  }
}
