package io.sonde.pipeline;

import io.opentelemetry.sdk.metrics.data.MetricData;
import io.sonde.pipeline.PipelineConfig.SelfMetricsOutput;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.export.health.Health;
import io.sonde.pipeline.export.health.HealthEndpoint;
import io.sonde.pipeline.export.otlp.OtlpMetrics;
import io.sonde.pipeline.export.otlp.OtlpStartException;
import io.sonde.pipeline.export.otlp.OtlpTraces;
import io.sonde.pipeline.export.print.TracePrinter;
import io.sonde.pipeline.export.prometheus.PrometheusEndpoint;
import io.sonde.pipeline.linking.TraceSink;
import io.sonde.pipeline.metrics.MetricStores;
import io.sonde.pipeline.metrics.SelfStore;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The outputs that the configuration wants, from their start to their end. */
final class RunningOutputs {
  private static final long CLOSE_MS = 5000;

  /** Of a replay, which is over before. */
  private static final Duration ONLY_AT_THE_END = Duration.ofDays(365);

  private PipelineConfig config;
  private final PrintStream out;
  private final MetricStores metrics;
  private final SelfMetrics selfMetrics;
  private final Health health;
  private final Account printed;
  private final Account exportedTraces;
  private final Optional<SelfStore> selfOverOtlp;

  /** Null: what comes happens now. */
  private final RecordedTime recordedTime;

  // Null where there is none.
  private Listening<PipelineConfig.Health, HealthEndpoint> healthEndpoint;
  private Listening<PipelineConfig.Prometheus, PrometheusEndpoint> page;
  private OtlpMetrics otlpMetrics;
  private OtlpTraces otlpTraces;
  private volatile TracePrinter printer;

  /**
   * Starts them. Of a replay those that would answer others while it lasts, and be gone then, are
   * not: the Prometheus page and the health checks.
   *
   * @param out where traces are printed
   * @param recordedTime null: what comes happens now
   * @throws PipelineStartException when one cannot be started; then none is left running
   */
  RunningOutputs(
      PipelineConfig config,
      PrintStream out,
      MetricStores metrics,
      SelfMetrics selfMetrics,
      RecordedTime recordedTime)
      throws PipelineStartException {
    this.config = config;
    this.out = out;
    this.metrics = metrics;
    this.selfMetrics = selfMetrics;
    this.recordedTime = recordedTime;
    health = new Health(selfMetrics);
    printed = account("print");
    exportedTraces = account("export_traces");
    selfOverOtlp =
        config.selfMetrics().contains(SelfMetricsOutput.OTEL)
            ? Optional.of(
                new SelfStore(selfMetrics, config.exports().otlpMetrics().temporality(), unixNs()))
            : Optional.empty();
    try {
      start();
    } catch (PipelineStartException e) {
      close();
      throw e;
    }
  }

  private void start() throws PipelineStartException {
    if (config.prometheus().isPresent() && recordedTime == null) {
      page =
          new Listening<>(
              config.prometheus().get(),
              PipelineConfig.Prometheus::port,
              this::prometheus,
              PrometheusEndpoint::close);
    }
    if (config.health().isPresent() && recordedTime == null) {
      healthEndpoint =
          new Listening<>(
              config.health().get(),
              PipelineConfig.Health::port,
              this::health,
              HealthEndpoint::close);
    }
    if (config.otlpMetrics().isPresent()) {
      startOtlpMetrics(config.otlpMetrics().get());
    }
    if (config.otlpTraces().isPresent()) {
      otlpTraces = otlpTraces(config.otlpTraces().get());
    }
    printer = printer();
  }

  /** Those that traces go to; others after a reload. */
  List<TraceSink> traceSinks() {
    List<TraceSink> sinks = new ArrayList<>();
    if (otlpTraces != null) {
      sinks.add(otlpTraces);
    }
    if (printer != null) {
      sinks.add(printer);
    }
    return sinks;
  }

  private TracePrinter printer() {
    PipelineConfig.TracePrinter mode = tracePrinter();
    return mode == PipelineConfig.TracePrinter.DISABLED
        ? null
        : new TracePrinter(mode, out, printed);
  }

  /** A replay that reports to nobody is one for somebody who looks. */
  private PipelineConfig.TracePrinter tracePrinter() {
    boolean forNobody =
        recordedTime != null && config.otlpTraces().isEmpty() && config.otlpMetrics().isEmpty();
    return forNobody && config.tracePrinter() == PipelineConfig.TracePrinter.DISABLED
        ? PipelineConfig.TracePrinter.TEXT
        : config.tracePrinter();
  }

  private HealthEndpoint health(PipelineConfig.Health config) throws PipelineStartException {
    try {
      return new HealthEndpoint(config, health);
    } catch (IOException e) {
      throw new PipelineStartException("health_check.port", e.getMessage(), e);
    }
  }

  private PrometheusEndpoint prometheus(PipelineConfig.Prometheus where)
      throws PipelineStartException {
    try {
      return new PrometheusEndpoint(
          where,
          metrics.page().orElseThrow(),
          config.selfMetrics().contains(SelfMetricsOutput.PROMETHEUS)
              ? selfMetrics::collect
              : List::of);
    } catch (IOException e) {
      throw new PipelineStartException("prometheus_export.port", e.getMessage(), e);
    }
  }

  private void startOtlpMetrics(OtlpConfig otlp) throws PipelineStartException {
    try {
      otlpMetrics =
          new OtlpMetrics(
              otlp,
              metricsInterval(),
              config.exports().otlpMetrics().temporality().deltaOfHistograms(),
              this::collectForOtlp,
              account("export_metrics"));
      selfMetrics.register(otlpMetrics::status);
    } catch (OtlpStartException e) {
      throw refused(e);
    }
  }

  private OtlpTraces otlpTraces(OtlpConfig otlp) throws PipelineStartException {
    try {
      OtlpTraces export =
          new OtlpTraces(
              otlp, config.exports().spanBatches(), config.limits().spanQueue(), exportedTraces);
      selfMetrics.register(export::status);
      return export;
    } catch (OtlpStartException e) {
      throw refused(e);
    }
  }

  private static PipelineStartException refused(OtlpStartException e) {
    String section = "otel_export.";
    return new PipelineStartException(section + e.key(), section + e.getMessage(), e);
  }

  /**
   * Sonde's own metrics among them, when they are wanted. These tell of their own export too, in
   * the export after it: that makes counts larger, by as many points each time, but never more
   * series.
   */
  private Collection<MetricData> collectForOtlp() {
    long nowNs = unixNs();
    List<MetricData> all = new ArrayList<>(metrics.otlp().orElseThrow().collect(nowNs));
    selfOverOtlp.ifPresent(self -> all.addAll(self.collect(nowNs)));
    selfMetrics
        .metricPoints()
        .accepted(all.stream().mapToLong(metric -> metric.getData().getPoints().size()).sum());
    return all;
  }

  private Account account(String stage) {
    Account account = new Account(stage);
    selfMetrics.register(account);
    return account;
  }

  private long unixNs() {
    if (recordedTime != null) {
      return recordedTime.unixNs();
    }
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  private Duration metricsInterval() {
    return recordedTime == null ? config.metricsInterval() : ONLY_AT_THE_END;
  }

  /** As {@link io.sonde.pipeline.event.CaptureSink#written}; from any thread. */
  BooleanSupplier printing() {
    TracePrinter now = printer;
    return now == null ? () -> true : now.written();
  }

  /** Spans that were handed to an exporter and whose fate is not decided; from any thread. */
  long spansWaiting() {
    return exportedTraces.pending();
  }

  /** Where the Prometheus page really listens; empty when there is none. */
  Optional<InetSocketAddress> prometheusAddress() {
    return Optional.ofNullable(page).map(listening -> listening.endpoint().address());
  }

  /**
   * Goes on as {@code next} says.
   *
   * @param switchOver makes traces go to the {@link #traceSinks()} of then
   * @return what could not be done, with its reason; then that output goes on as it was
   */
  List<String> reload(PipelineConfig next, Runnable switchOver) {
    PipelineConfig before = config;
    config = next;
    TracePrinter printerBefore = printer;
    if (next.tracePrinter() != before.tracePrinter()) {
      printer = printer();
    }
    switchOver.run();
    if (printerBefore != null && printerBefore != printer) {
      printerBefore.close();
    }
    List<String> failures = new ArrayList<>();
    attempt(() -> reloadTraces(before), failures);
    attempt(() -> reloadMetrics(before), failures);
    attempt(this::reloadPage, failures);
    attempt(this::reloadHealth, failures);
    return failures;
  }

  /** Part of a reload. */
  private interface Step {
    void run() throws PipelineStartException;
  }

  private static void attempt(Step step, List<String> failures) {
    try {
      step.run();
    } catch (PipelineStartException e) {
      failures.add(e.getMessage());
    }
  }

  private void reloadTraces(PipelineConfig before) throws PipelineStartException {
    if (otlpTraces != null && !config.otlpTraces().equals(before.otlpTraces())) {
      try {
        otlpTraces.reconfigure(config.otlpTraces().orElseThrow());
      } catch (OtlpStartException e) {
        throw refused(e);
      }
    }
  }

  private void reloadMetrics(PipelineConfig before) throws PipelineStartException {
    boolean same =
        config.otlpMetrics().equals(before.otlpMetrics())
            && config.metricsInterval().equals(before.metricsInterval());
    if (otlpMetrics != null && !same) {
      try {
        otlpMetrics.reconfigure(config.otlpMetrics().orElseThrow(), metricsInterval());
      } catch (OtlpStartException e) {
        throw refused(e);
      }
    }
  }

  private void reloadPage() throws PipelineStartException {
    if (page != null) {
      page.moveTo(config.prometheus().orElseThrow());
    }
  }

  private void reloadHealth() throws PipelineStartException {
    if (healthEndpoint != null) {
      healthEndpoint.moveTo(config.health().orElseThrow());
    }
  }

  private List<Runnable> closings() {
    List<Runnable> closings = new ArrayList<>();
    if (page != null) {
      closings.add(page::close);
    }
    if (otlpMetrics != null) {
      closings.add(otlpMetrics::close);
    }
    if (otlpTraces != null) {
      closings.add(otlpTraces::close);
    }
    if (printer != null) {
      closings.add(printer::close);
    }
    return closings;
  }

  /**
   * Flushes and stops all, within {@value #CLOSE_MS} ms together: each in a thread of its own, so
   * that an endpoint that does not answer takes no time from another.
   */
  void close() {
    health.stopping();
    List<Thread> threads = new ArrayList<>();
    for (Runnable output : closings()) {
      Thread thread = new Thread(output, "closing");
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MS);
    try {
      for (Thread thread : threads) {
        TimeUnit.NANOSECONDS.timedJoin(thread, deadline - System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (healthEndpoint != null) { // the last one, so that it can say that Sonde is ending
      healthEndpoint.close();
    }
  }
}
