package io.sonde.pipeline.accounting;

import io.sonde.pipeline.event.CaptureStarted.ProbeState;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Sonde's numbers in its own words: what every stage took in, gave on and lost, by cause. */
final class StageMetrics {
  private static final String LOST_HELP =
      "What is not, or not fully, reported, by cause; a cause is listed once it has occurred. "
          + Arrays.stream(LossCause.values())
              .map(cause -> cause.label() + ": " + cause.sentence())
              .collect(Collectors.joining("; "));

  private StageMetrics() {}

  static List<SelfMetric> of(List<Account> accounts, List<SelfMetrics.Capture> connected) {
    Map<Map<String, String>, Double> in = new LinkedHashMap<>();
    Map<Map<String, String>, Double> out = new LinkedHashMap<>();
    Map<Map<String, String>, Double> lost = new LinkedHashMap<>();
    for (Account account : accounts) {
      Map<String, String> stage = Map.of("stage", account.stage());
      add(in, stage, account.inTotal());
      add(out, stage, account.outTotal());
      for (LossCause cause : LossCause.values()) {
        if (account.lostTotal(cause) > 0) {
          add(lost, with(stage, "cause", cause.label()), account.lostTotal(cause));
        }
      }
    }
    Map<Map<String, String>, Double> captured = new LinkedHashMap<>();
    Map<Map<String, String>, Double> probes = new LinkedHashMap<>();
    for (SelfMetrics.Capture capture : connected) {
      Map<String, String> id =
          Map.of(
              "capture", capture.started().shortId(),
              "host", capture.started().hostName());
      capture.counters().forEach((name, total) -> add(captured, with(id, "counter", name), total));
      for (ProbeState probe : capture.started().probes()) {
        probes.put(
            with(with(id, "probe", probe.name()), "reason", probe.reason()),
            probe.attached() ? 1.0 : 0.0);
      }
    }
    return List.of(
        SelfMetric.counter("sonde_stage_in", "What came into the stage.", "", in),
        SelfMetric.counter("sonde_stage_out", "What left the stage for the next one.", "", out),
        SelfMetric.counter("sonde_stage_lost", LOST_HELP, "", lost),
        SelfMetric.counter(
            "sonde_capture", "Totals of a capture process, by its counters.", "", captured),
        SelfMetric.gauge(
            "sonde_probe_attached", "1 where the probe is attached, else 0 and why.", "", probes),
        SelfMetric.gauge(
            "sonde_captures",
            "Capture processes that are connected.",
            "",
            Map.of(Map.of(), (double) connected.size())));
  }

  /** Two with equal labels (accounts of one stage, ids that start alike) are one series. */
  private static void add(
      Map<Map<String, String>, Double> to, Map<String, String> labels, long value) {
    // A capture's totals are unsigned on the wire; a negative counter would spoil the whole page.
    to.merge(labels, (double) Math.max(0, value), Double::sum);
  }

  private static Map<String, String> with(Map<String, String> labels, String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(labels);
    more.put(name, value);
    return more;
  }
}
