package io.sonde.pipeline.accounting;

import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.CaptureStats;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * What Sonde knows about itself: its accounts, its captures, its exporters. Safe for use by many
 * threads.
 */
public final class SelfMetrics {
  /**
   * A capture process that is connected.
   *
   * @param counters its totals by name, as last told; empty before the first time
   */
  public record Capture(CaptureStarted started, Map<String, Long> counters) {}

  private final ProcessMetrics process = new ProcessMetrics();
  private final DecodeTotals decode = new DecodeTotals();
  private final ReceiverAccount spans = new ReceiverAccount();
  private final LinkAccount links = new LinkAccount();
  private final ReceiverAccount metricPoints = new ReceiverAccount();
  private final Folding folding = new Folding();
  private final Untold untold = new Untold();
  private final List<Account> accounts = new CopyOnWriteArrayList<>();
  private final Map<String, Capture> captures = new ConcurrentHashMap<>();
  private volatile Instant capturesChanged;
  private volatile ReloadStatus reloads = new ReloadStatus(true, Instant.now());
  private final List<Supplier<ExporterStatus>> exporters = new CopyOnWriteArrayList<>();
  private final List<SelfMetricSource> sources = new CopyOnWriteArrayList<>();

  /** A changed configuration was read, and taken on or not. */
  public void reloaded(boolean successfully) {
    reloads = reloads.after(successfully, Instant.now());
  }

  /** What decoding says besides its account. */
  public DecodeTotals decode() {
    return decode;
  }

  /** Spans as they are handed to the outputs. */
  public ReceiverAccount spans() {
    return spans;
  }

  /** Client calls as they are given their parents. */
  public LinkAccount links() {
    return links;
  }

  /** Metric points as they are handed to the outputs that are pushed to. */
  public ReceiverAccount metricPoints() {
    return metricPoints;
  }

  /** What is told under a common name. */
  public Folding folding() {
    return folding;
  }

  /** What is not told, as configured. */
  public Untold untold() {
    return untold;
  }

  /** All numbers as they are now. */
  public List<SelfMetric> collect() {
    List<SelfMetric> all = new ArrayList<>(StageMetrics.of(accounts, captures()));
    all.addAll(reloads.metrics());
    all.add(
        SelfMetric.counter(
            "sonde_spans_sampled_out",
            "Spans that the sampler did not choose, or of services whose traces are not to be"
                + " exported, as configured or because they export them themselves. Metrics have them.",
            "{span}",
            Map.of(Map.of(), (double) spans.sampledOutTotal())));
    all.addAll(decode.collect());
    all.add(links.metric());
    sources.forEach(source -> all.addAll(source.collect()));
    all.add(folding.metric());
    all.add(untold.metric());
    all.addAll(CollectorMetrics.of(spans, metricPoints, exporters()));
    all.addAll(process.collect());
    return all;
  }

  /** To be called once for each stage that has numbers of its own. */
  public void add(SelfMetricSource source) {
    sources.add(source);
  }

  /** To be called once for each account. */
  public void register(Account account) {
    accounts.add(account);
  }

  /**
   * To be called once for each signal that is pushed to an endpoint.
   *
   * @param status may be called by any thread, does not block
   */
  public void register(Supplier<ExporterStatus> status) {
    exporters.add(status);
  }

  /** Also called when a known capture connects again: its counters are kept. */
  public void captureStarted(CaptureStarted started) {
    if (captures.isEmpty()) {
      capturesChanged = Instant.now();
    }
    captures.compute(
        started.instanceId(),
        (id, known) -> new Capture(started, known == null ? Map.of() : known.counters()));
  }

  /** Ignored when the capture was never announced or is closed: nothing could be said of it. */
  public void captureStats(String instanceId, CaptureStats stats) {
    captures.computeIfPresent(
        instanceId, (id, known) -> new Capture(known.started(), Map.copyOf(stats.counters())));
  }

  /** The capture's numbers end with it. */
  public void captureClosed(String instanceId) {
    captures.remove(instanceId);
    if (captures.isEmpty()) {
      capturesChanged = Instant.now();
    }
  }

  /** In the order of registration. */
  public List<Account> accounts() {
    return List.copyOf(accounts);
  }

  /** As they stand now, in the order of registration; empty when nothing is pushed anywhere. */
  public List<ExporterStatus> exporters() {
    return exporters.stream().map(Supplier::get).toList();
  }

  /** When the first capture came, or the last one went; null when none has come yet. */
  public Instant capturesChanged() {
    return capturesChanged;
  }

  public List<Capture> captures() {
    return List.copyOf(captures.values());
  }
}
