package io.sonde.pipeline.metrics;

import io.sonde.pipeline.MetricsConfig;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.Folding;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The counts of all outputs that want metrics: one where they want the same, else one for each, of
 * the stages {@code metrics} and {@code metrics_page}.
 */
public final class MetricStores {
  private final Optional<MetricStore> otlp;
  private final Optional<MetricStore> page;

  private MetricStores(Optional<MetricStore> otlp, Optional<MetricStore> page) {
    this.otlp = otlp;
    this.page = page;
  }

  /**
   * @param otlp what OTLP wants; empty: no metrics go over it
   * @param page what the Prometheus page wants; empty: there is none
   * @param maxSeries see {@link MetricStore}
   * @param accounts makes the account of a stage
   * @param folding see {@link MetricStore}
   */
  public static MetricStores of(
      Optional<MetricsConfig> otlp,
      Optional<MetricsConfig> page,
      int maxSeries,
      Function<String, Account> accounts,
      Folding folding) {
    Optional<MetricsConfig> shared = otlp.flatMap(one -> page.flatMap(one::shared));
    if (shared.isPresent()) {
      Optional<MetricStore> both =
          shared.map(
              config -> new MetricStore(maxSeries, config, accounts.apply("metrics"), folding));
      return new MetricStores(both, both);
    }
    String pageStage = otlp.isPresent() ? "metrics_page" : "metrics";
    return new MetricStores(
        otlp.map(config -> new MetricStore(maxSeries, config, accounts.apply("metrics"), folding)),
        page.map(config -> new MetricStore(maxSeries, config, accounts.apply(pageStage), folding)));
  }

  /** Each once. */
  public List<MetricStore> all() {
    return Stream.concat(otlp.stream(), page.stream()).distinct().toList();
  }

  public Optional<MetricStore> otlp() {
    return otlp;
  }

  public Optional<MetricStore> page() {
    return page;
  }
}
