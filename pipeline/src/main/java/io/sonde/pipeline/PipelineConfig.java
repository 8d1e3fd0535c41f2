package io.sonde.pipeline;

import io.sonde.pipeline.identity.RouteSettings;
import io.sonde.pipeline.identity.SamplerSetting;
import io.sonde.pipeline.identity.SdkCoexistence;
import io.sonde.pipeline.identity.ServiceOverrides;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything the pipeline can be told, already validated and with defaults applied by whoever reads
 * the configuration file.
 *
 * @param tracePrinter where {@code DISABLED}, nothing goes to standard output
 * @param prometheus the scrape endpoint; empty: none
 * @param otlpTraces where spans go; empty: nowhere
 * @param otlpMetrics where metrics go; empty: nowhere
 * @param metricsInterval between two OTLP metric exports
 * @param decoding how bytes become exchanges
 * @param serviceName overrides the name of every observed service; empty: named after its process
 * @param resourceAttributes added to every observed service's Resource
 * @param overrides what is to be otherwise for the services that a discovery rule selects, by rule
 *     id; every rule of the configuration is in it
 * @param coexistence what becomes of services that export their own telemetry
 * @param queueThreshold a request that waited at least this long gets the child spans {@code in
 *     queue} and {@code processing}
 * @param sampler of services that have none of their own
 * @param selfMetrics where Sonde tells its own metrics; empty: nowhere
 * @param health where health checks are answered; empty: nowhere
 * @param limits bounds on memory
 * @param exports what is told to whom
 * @param routes how the routes of paths are found
 */
public record PipelineConfig(
    TracePrinter tracePrinter,
    Optional<Prometheus> prometheus,
    Optional<OtlpConfig> otlpTraces,
    Optional<OtlpConfig> otlpMetrics,
    Duration metricsInterval,
    Decoding decoding,
    Optional<String> serviceName,
    Map<String, String> resourceAttributes,
    Map<String, ServiceOverrides> overrides,
    SdkCoexistence.Settings coexistence,
    Duration queueThreshold,
    SamplerSetting sampler,
    Set<SelfMetricsOutput> selfMetrics,
    Optional<Health> health,
    Limits limits,
    Exports exports,
    Routes routes) {

  /**
   * @param requestTimeout a request that waited so long for the beginning of its answer is told as
   *     failed; zero: none is
   * @param sensitiveQueryParameters names, in this case, of parameters whose values are not told
   */
  public record Decoding(Duration requestTimeout, Set<String> sensitiveQueryParameters) {}

  /** Beyla's {@code trace_printer} values. */
  public enum TracePrinter {
    DISABLED,
    TEXT,
    JSON,
    JSON_INDENT,
    COUNTER
  }

  /**
   * @param host address to listen on
   * @param port 1..65535, or 0 for any free one (tests)
   * @param path begins with a slash
   * @param createdSamples whether OpenMetrics has samples that say when a histogram began
   */
  public record Prometheus(String host, int port, String path, boolean createdSamples) {}

  /** Beyla's {@code internal_metrics.exporter} values; where both are given, the numbers agree. */
  public enum SelfMetricsOutput {
    /** The page of {@link Prometheus}, where there is one. */
    PROMETHEUS,
    /** With the other metrics over OTLP. */
    OTEL
  }

  /**
   * @param host address to listen on
   * @param port 1..65535, or 0 for any free one (tests)
   * @param path where the first version of the Collector's health_check answers; begins with a
   *     slash
   */
  public record Health(String host, int port, String path) {}

  /**
   * @param maxConnections tracked at a time, per capture instance
   * @param maxSeries metric series per service and instrument, beyond which one overflow series
   *     counts
   * @param spanQueue spans waiting to be encoded for export
   * @param maxRoutes different routes of a service in one role, without those of patterns
   * @param maxSpanNames different span names of a service
   */
  public record Limits(
      int maxConnections, int maxSeries, int spanQueue, int maxRoutes, int maxSpanNames) {}

  /**
   * @param settings of services that have none of their own
   * @param stateDirectory where what was learned is kept; empty: nowhere, a restart begins anew
   */
  public record Routes(RouteSettings settings, Optional<Path> stateDirectory) {}

  /**
   * @param otlpMetrics how metrics are counted that go over OTLP
   * @param prometheusMetrics how those are that the page of {@link Prometheus} shows
   * @param spanBatches how spans are put together into requests
   */
  public record Exports(
      MetricsConfig otlpMetrics, MetricsConfig prometheusMetrics, SpanBatches spanBatches) {
    /** Where nothing is set. */
    public static final Exports DEFAULT =
        new Exports(MetricsConfig.DEFAULT, MetricsConfig.DEFAULT, SpanBatches.DEFAULT);
  }

  /**
   * @param maxSpans in a request
   * @param maxDelay that a span may wait for others
   * @param instrumentations kinds of exchanges that have spans
   * @param naming by which names attributes are there
   */
  public record SpanBatches(
      int maxSpans, Duration maxDelay, Set<Instrumentation> instrumentations, Naming naming) {
    public static final SpanBatches DEFAULT =
        new SpanBatches(
            2048, Duration.ofSeconds(1), Set.of(Instrumentation.values()), Naming.DEFAULT);
  }
}
