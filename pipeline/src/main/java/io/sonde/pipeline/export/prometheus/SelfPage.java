package io.sonde.pipeline.export.prometheus;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.event.CaptureStarted.ProbeState;
import io.sonde.pipeline.identity.Scope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Sonde's own part of the page. */
final class SelfPage {
  /** Beyond that of a capture's random id nobody needs to read. */
  private static final int SHORT_ID = 8;

  private static final String LOST_HELP =
      "What is not, or not fully, reported, by cause; a cause is listed once it has occurred. "
          + Arrays.stream(LossCause.values())
              .map(cause -> cause.label() + ": " + cause.sentence())
              .collect(Collectors.joining("; "));

  private SelfPage() {}

  static List<MetricSnapshot> snapshots(SelfMetrics self) {
    Map<Labels, Double> in = new LinkedHashMap<>();
    Map<Labels, Double> out = new LinkedHashMap<>();
    Map<Labels, Double> lost = new LinkedHashMap<>();
    for (Account account : self.accounts()) {
      Labels stage = Labels.of("stage", account.stage());
      add(in, stage, account.inTotal());
      add(out, stage, account.outTotal());
      for (LossCause cause : LossCause.values()) {
        if (account.lostTotal(cause) > 0) {
          add(lost, stage.add("cause", cause.label()), account.lostTotal(cause));
        }
      }
    }
    Map<Labels, Double> captured = new LinkedHashMap<>();
    Map<Labels, Double> probes = new LinkedHashMap<>();
    for (SelfMetrics.Capture capture : self.captures()) {
      Labels id =
          Labels.of(
              "capture", shortId(capture.started().instanceId()),
              "host", capture.started().hostName());
      capture.counters().forEach((name, total) -> add(captured, id.add("counter", name), total));
      for (ProbeState probe : capture.started().probes()) {
        probes.put(
            id.merge(Labels.of("probe", probe.name(), "reason", probe.reason())),
            probe.attached() ? 1.0 : 0.0);
      }
    }
    return List.of(
        counter("sonde_stage_in", "What came into the stage.", in),
        counter("sonde_stage_out", "What left the stage for the next one.", out),
        counter("sonde_stage_lost", LOST_HELP, lost),
        counter("sonde_capture", "Totals of a capture process, by its counters.", captured),
        gauge("sonde_probe_attached", "1 where the probe is attached, else 0 and why.", probes),
        gauge(
            "sonde_captures",
            "Capture processes that are connected.",
            Map.of(Labels.EMPTY, (double) self.captures().size())),
        buildInfo());
  }

  /** Two with equal labels (accounts of one stage, ids that start alike) are one series. */
  private static void add(Map<Labels, Double> to, Labels labels, long value) {
    // A capture's totals are unsigned on the wire; a negative counter would spoil the whole page.
    to.merge(labels, (double) Math.max(0, value), Double::sum);
  }

  private static CounterSnapshot counter(String name, String help, Map<Labels, Double> values) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
    values.forEach(
        (labels, value) ->
            counter.dataPoint(
                CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
    return counter.build();
  }

  private static GaugeSnapshot gauge(String name, String help, Map<Labels, Double> values) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    values.forEach(
        (labels, value) ->
            gauge.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
    return gauge.build();
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

  private static String shortId(String id) {
    return id.length() <= SHORT_ID ? id : id.substring(0, SHORT_ID);
  }
}
