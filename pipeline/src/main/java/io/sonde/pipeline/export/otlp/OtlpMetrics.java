package io.sonde.pipeline.export.otlp;

import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.ExporterStatus;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Exports all metrics of all services at a fixed interval, and once more at the end. The account
 * counts data points. Of cumulative ones those of a lost request are not missing from the totals:
 * the next one carries them. Deltas would be, so none are collected while the queue is full: they
 * go on adding up where they are counted.
 */
public final class OtlpMetrics implements AutoCloseable {
  private static final Duration CLOSE = Duration.ofSeconds(4);

  private final EncodedMessage encoded = new EncodedMessage();
  private final MetricExporter encoder =
      OtlpGrpcMetricExporter.builder().setComponentLoader(encoded).build();
  private final Supplier<Collection<MetricData>> source;
  private final Account account;
  private final boolean delta;
  private final RequestExport export;
  private final ScheduledExecutorService scheduler;
  private Future<?> schedule;

  /**
   * @param delta whether the source tells what came since it was asked before
   * @param source collects everything, on the thread of the scheduler
   * @param account of the stage {@code export_metrics}
   * @throws OtlpStartException when the endpoint cannot be spoken to as configured
   */
  public OtlpMetrics(
      OtlpConfig config,
      Duration interval,
      boolean delta,
      Supplier<Collection<MetricData>> source,
      Account account)
      throws OtlpStartException {
    this.delta = delta;
    this.source = source;
    this.account = account;
    this.export = RequestExport.start(config, Signal.METRICS, account);
    this.scheduler =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "otlp-metrics");
              thread.setDaemon(true);
              return thread;
            });
    schedule = every(interval);
  }

  private Future<?> every(Duration interval) {
    return scheduler.scheduleWithFixedDelay(
        this::exportUnlessFull, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void exportUnlessFull() {
    if (!delta || export.takesMore()) {
      export();
    }
  }

  /** As {@link RequestExport#reconfigure}; the next export is an interval from now. */
  public void reconfigure(OtlpConfig config, Duration interval) throws OtlpStartException {
    export.reconfigure(config);
    schedule.cancel(false);
    schedule = every(interval);
  }

  private void export() {
    int points = 0;
    try {
      Collection<MetricData> metrics = source.get();
      if (metrics.isEmpty()) {
        return;
      }
      points = metrics.stream().mapToInt(metric -> metric.getData().getPoints().size()).sum();
      account.in(points);
      export.offer(points, encoded.take(encoder.export(metrics)));
    } catch (RuntimeException e) { // else the scheduler would silently never call again
      export.defect(points, e);
    }
  }

  /** How it stands; for any thread. */
  public ExporterStatus status() {
    return export.status();
  }

  @Override
  public void close() {
    long deadline = System.nanoTime() + CLOSE.toNanos();
    scheduler.submit(this::export);
    scheduler.shutdown();
    try {
      scheduler.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    export.close(Duration.ofNanos(deadline - System.nanoTime()));
    encoder.shutdown();
  }
}
