package io.sonde.pipeline.export.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.sonde.pipeline.PipelineConfig.Otlp;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Exports all metrics of all services at a fixed interval, and once more at the end. The account
 * counts data points; those of a failed export are not missing from the totals, which are
 * cumulative: the next export carries them.
 */
public final class OtlpMetrics implements AutoCloseable {
  private static final long CLOSE_SECONDS = 4;

  private final MetricExporter exporter;
  private final long timeoutNs;
  private final Supplier<Collection<MetricData>> source;
  private final Account account;
  private final ExportLog log;
  private final ScheduledExecutorService scheduler;

  /**
   * @param source collects everything, on the thread of the scheduler
   * @param account of the stage {@code export_metrics}
   */
  public OtlpMetrics(
      Otlp config, Duration interval, Supplier<Collection<MetricData>> source, Account account) {
    this.exporter = OtlpExporters.metrics(config);
    this.timeoutNs = config.timeout().toNanos() + TimeUnit.SECONDS.toNanos(1);
    this.source = source;
    this.account = account;
    this.log = new ExportLog("metrics", config.endpoint());
    this.scheduler =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "otlp-metrics");
              thread.setDaemon(true);
              return thread;
            });
    scheduler.scheduleWithFixedDelay(
        this::export, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
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
      CompletableResultCode result = exporter.export(metrics);
      result.join(timeoutNs, TimeUnit.NANOSECONDS);
      if (result.isSuccess()) {
        account.out(points);
        log.succeeded();
      } else {
        account.lost(LossCause.EXPORT_FAILED, points);
        log.failed(points, result.getFailureThrowable());
      }
    } catch (RuntimeException e) { // else the scheduler would silently never call again
      account.lost(LossCause.INTERNAL_ERROR, points);
      log.defect(points, e);
    }
  }

  @Override
  public void close() {
    scheduler.submit(this::export);
    scheduler.shutdown();
    try {
      scheduler.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exporter.shutdown();
  }
}
