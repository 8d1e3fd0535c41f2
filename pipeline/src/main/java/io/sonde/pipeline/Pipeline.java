package io.sonde.pipeline;

import io.opentelemetry.sdk.metrics.data.MetricData;
import io.sonde.pipeline.PipelineConfig.SelfMetricsOutput;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.ExporterStatus;
import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.coexistence.OtlpCalls;
import io.sonde.pipeline.connection.CaptureDecoder;
import io.sonde.pipeline.connection.Kernels;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.exchange.ExchangeSink;
import io.sonde.pipeline.export.health.Health;
import io.sonde.pipeline.export.health.HealthEndpoint;
import io.sonde.pipeline.export.otlp.OtlpMetrics;
import io.sonde.pipeline.export.otlp.OtlpStartException;
import io.sonde.pipeline.export.otlp.OtlpTraces;
import io.sonde.pipeline.export.print.TracePrinter;
import io.sonde.pipeline.export.prometheus.PrometheusEndpoint;
import io.sonde.pipeline.identity.SdkCoexistence;
import io.sonde.pipeline.identity.ServiceFactory;
import io.sonde.pipeline.linking.Handover;
import io.sonde.pipeline.linking.Linker;
import io.sonde.pipeline.linking.Outputs;
import io.sonde.pipeline.linking.TraceSink;
import io.sonde.pipeline.metrics.MetricStore;
import io.sonde.pipeline.metrics.MetricStores;
import io.sonde.pipeline.metrics.SelfStore;
import io.sonde.pipeline.routes.LearnedRoutesFile;
import io.sonde.pipeline.routes.Router;
import io.sonde.pipeline.routes.RoutesByService;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The unprivileged half: events in, spans and metrics out. This is all of its wiring, in the order
 * data flows:
 *
 * <pre>
 *   events -> decoder (connections, protocols, pairing) -> exchanges, without those by which
 *     services export their own telemetry -> router -+-> metrics -> Prometheus, OTLP
 *                                                    +-> linker -> printer, OTLP
 * </pre>
 *
 * Where spans are exported, the linker hands exchanges to the metrics, at once, so that exemplars
 * can name spans. The sinks that {@link #open} returns must all be fed by one thread.
 */
public final class Pipeline implements AutoCloseable {
  private static final long CLOSE_MS = 5000;
  private static final String EXPORT_TRACES = "export_traces";

  /** Of a replay, which is over before. */
  private static final Duration ONLY_AT_THE_END = Duration.ofDays(365);

  private static final Duration HOUSEKEEPING = Duration.ofSeconds(10);

  private final PipelineConfig config;
  private final SelfMetrics selfMetrics = new SelfMetrics();
  private final Deque<Runnable> closing = new ArrayDeque<>();
  private final ScheduledExecutorService housekeeper =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "housekeeping");
            thread.setDaemon(true);
            return thread;
          });
  private final Account decode = account("decode");
  private final Kernels kernels = new Kernels();
  private final SdkCoexistence coexistence;
  private final ServiceFactory services;
  private final MetricStores metrics;
  private final RoutesByService routes;
  private final Optional<LearnedRoutesFile> learned;
  private final List<TraceSink> traceOutputs;
  private final ExchangeSink exchanges;
  private final Optional<SelfStore> selfOverOtlp;
  private final Health health = new Health(selfMetrics);

  /** Null: what comes happens now. */
  private final RecordedTime recordedTime;

  private HealthEndpoint healthEndpoint;
  private Supplier<BooleanSupplier> printing = () -> () -> true;
  private Optional<InetSocketAddress> prometheus = Optional.empty();

  private Pipeline(PipelineConfig config, PrintStream out, RecordedTime recordedTime)
      throws PipelineStartException {
    this.config = config;
    this.recordedTime = recordedTime;
    coexistence = new SdkCoexistence(config.coexistence());
    selfMetrics.add(coexistence);
    services =
        new ServiceFactory(
            config.serviceName(), config.resourceAttributes(), config.overrides(), coexistence);
    routes =
        new RoutesByService(
            config.limits().maxRoutes(), config.limits().maxSpanNames(), selfMetrics.folding());
    metrics =
        MetricStores.of(
            config.otlpMetrics().map(endpoint -> config.exports().otlpMetrics()),
            config.prometheus().map(page -> config.exports().prometheusMetrics()),
            config.limits().maxSeries(),
            this::account,
            selfMetrics.folding());
    selfOverOtlp =
        config.selfMetrics().contains(SelfMetricsOutput.OTEL)
            ? Optional.of(
                new SelfStore(selfMetrics, config.exports().otlpMetrics().temporality(), unixNs()))
            : Optional.empty();
    learned = openLearned();
    traceOutputs = startOutputs(out);
    ExchangeSink router =
        new Router(config.routes().settings(), routes, outputs(handover(traceOutputs)));
    exchanges =
        config.coexistence().excludeInstrumented() ? new OtlpCalls(coexistence, router) : router;
    if (recordedTime == null) { // all that was recorded is in the one export at the end
      keepHouse();
    }
  }

  private void keepHouse() {
    housekeeper.scheduleWithFixedDelay(
        () -> {
          metrics.all().forEach(store -> store.expire(System.nanoTime()));
          learned.ifPresent(LearnedRoutesFile::save);
        },
        HOUSEKEEPING.toMillis(),
        HOUSEKEEPING.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /**
   * Starts every configured output.
   *
   * @param out where traces are printed
   * @throws PipelineStartException when one cannot be started; then none is left running
   */
  public static Pipeline start(PipelineConfig config, PrintStream out)
      throws PipelineStartException {
    return new Pipeline(config, out, null);
  }

  /**
   * The same for events that were recorded. The time is the one that was recorded, all metrics are
   * exported once, at the end, and where an output has no room its sinks wait instead of losing.
   * What would answer others while the replay lasts, and be gone then, is not started: the
   * Prometheus page and the health checks.
   */
  public static Pipeline replay(PipelineConfig config, PrintStream out)
      throws PipelineStartException {
    return new Pipeline(config, out, new RecordedTime());
  }

  /** Not for a replay: it is to say the same each time, on any machine. */
  private Optional<LearnedRoutesFile> openLearned() throws PipelineStartException {
    Optional<Path> directory = config.routes().stateDirectory();
    if (directory.isEmpty() || recordedTime != null) {
      return Optional.empty();
    }
    try {
      LearnedRoutesFile file = LearnedRoutesFile.open(directory.get(), routes);
      closing.push(file::save);
      return Optional.of(file);
    } catch (IOException e) {
      throw new PipelineStartException("routes.state_directory", e.getMessage(), e);
    }
  }

  private ExchangeSink outputs(List<TraceSink> traceOutputs) {
    List<MetricStore> stores = metrics.all();
    ExchangeSink counted = exchange -> stores.forEach(store -> store.accept(exchange));
    boolean exemplars =
        config.otlpTraces().isPresent() || stores.stream().anyMatch(MetricStore::wantsAnySpan);
    Outputs outputs =
        exemplars
            ? new Outputs(
                counted,
                trace -> {
                  stores.forEach(store -> store.accept(trace));
                  return true;
                },
                traceOutputs,
                selfMetrics.untold())
            : Outputs.withoutExemplars(counted, traceOutputs, selfMetrics.untold());
    if (!exemplars && traceOutputs.isEmpty()) {
      return outputs::acceptEarly;
    }
    return new Linker(
        config.queueThreshold(),
        config.sampler(),
        outputs,
        selfMetrics.links(),
        recordedTime == null ? System::nanoTime : recordedTime::unixNs);
  }

  /** Nothing is made for nobody. */
  private List<TraceSink> handover(List<TraceSink> outputs) {
    return outputs.isEmpty() ? List.of() : List.of(new Handover(outputs, selfMetrics.spans()));
  }

  /** Those for traces are returned. */
  private List<TraceSink> startOutputs(PrintStream out) throws PipelineStartException {
    List<TraceSink> sinks = new ArrayList<>();
    try {
      if (config.prometheus().isPresent() && recordedTime == null) {
        startPrometheus(config.prometheus().get());
      }
      if (config.health().isPresent() && recordedTime == null) {
        startHealth(config.health().get());
      }
      if (config.otlpMetrics().isPresent()) {
        startOtlpMetrics(config.otlpMetrics().get());
      }
      if (config.otlpTraces().isPresent()) {
        sinks.add(startOtlpTraces(config.otlpTraces().get()));
      }
    } catch (PipelineStartException e) {
      close();
      throw e;
    }
    PipelineConfig.TracePrinter mode = tracePrinter();
    if (mode != PipelineConfig.TracePrinter.DISABLED) {
      TracePrinter printer = new TracePrinter(mode, out, account("print"));
      closing.push(printer::close);
      printing = printer::written;
      sinks.add(printer);
    }
    return sinks;
  }

  /** A replay that reports to nobody is one for somebody who looks. */
  private PipelineConfig.TracePrinter tracePrinter() {
    boolean forNobody =
        recordedTime != null && config.otlpTraces().isEmpty() && config.otlpMetrics().isEmpty();
    return forNobody && config.tracePrinter() == PipelineConfig.TracePrinter.DISABLED
        ? PipelineConfig.TracePrinter.TEXT
        : config.tracePrinter();
  }

  private void startHealth(PipelineConfig.Health config) throws PipelineStartException {
    try {
      healthEndpoint = new HealthEndpoint(config, health);
    } catch (IOException e) {
      throw new PipelineStartException("health_check.port", e.getMessage(), e);
    }
  }

  private void startPrometheus(PipelineConfig.Prometheus page) throws PipelineStartException {
    try {
      PrometheusEndpoint endpoint =
          new PrometheusEndpoint(
              page,
              metrics.page().orElseThrow(),
              config.selfMetrics().contains(SelfMetricsOutput.PROMETHEUS)
                  ? selfMetrics::collect
                  : List::of);
      closing.push(endpoint::close);
      prometheus = Optional.of(endpoint.address());
    } catch (IOException e) {
      throw new PipelineStartException("prometheus_export.port", e.getMessage(), e);
    }
  }

  private void startOtlpMetrics(OtlpConfig otlp) throws PipelineStartException {
    try {
      OtlpMetrics export =
          new OtlpMetrics(
              otlp,
              metricsInterval(),
              config.exports().otlpMetrics().temporality().deltaOfHistograms(),
              this::collectForOtlp,
              account("export_metrics"));
      closing.push(export::close);
      selfMetrics.register(export::status);
    } catch (OtlpStartException e) {
      throw refused(e);
    }
  }

  private TraceSink startOtlpTraces(OtlpConfig otlp) throws PipelineStartException {
    try {
      OtlpTraces export =
          new OtlpTraces(
              otlp,
              config.exports().spanBatches(),
              config.limits().spanQueue(),
              account(EXPORT_TRACES));
      closing.push(export::close);
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

  /** Takes in a capture instance. */
  public CaptureSink open(CaptureStarted capture) {
    CaptureDecoder decoder =
        new CaptureDecoder(
            capture,
            kernels,
            services,
            exchanges,
            decode,
            selfMetrics.decode(),
            config.decoding(),
            config.limits().maxConnections());
    CaptureSink observed = new ObservedCapture(capture, decoder, selfMetrics, printing);
    return recordedTime == null
        ? observed
        : new ReplayedCapture(capture, observed, recordedTime, this::hasRoom);
  }

  private boolean hasRoom() {
    return traceOutputs.stream().allMatch(TraceSink::hasRoom);
  }

  /**
   * Spans that were handed to an exporter and whose fate is not decided. For a replay, which may
   * wait for them before it closes; from any thread.
   */
  public long spansWaiting() {
    return selfMetrics.accounts().stream()
        .filter(account -> account.stage().equals(EXPORT_TRACES))
        .mapToLong(Account::pending)
        .sum();
  }

  /** Adds the account of a stage before this one to the self-metrics. */
  public void register(Account account) {
    selfMetrics.register(account);
  }

  /** How each signal that is pushed to an endpoint stands now; empty when none is. */
  public List<ExporterStatus> exporters() {
    return selfMetrics.exporters();
  }

  /** Which services are not told of in part, for they tell it themselves. */
  public SdkCoexistence coexistence() {
    return coexistence;
  }

  /** Where the Prometheus page really listens; empty when there is none. */
  public Optional<InetSocketAddress> prometheusAddress() {
    return prometheus;
  }

  /**
   * Flushes the outputs and stops them, within {@value #CLOSE_MS} ms for all together: each in a
   * thread of its own, so that an endpoint that does not answer takes no time from another. No sink
   * may be fed any more.
   */
  @Override
  public void close() {
    health.stopping();
    housekeeper.shutdown();
    List<Thread> threads = new ArrayList<>();
    for (Runnable output : closing) {
      Thread thread = new Thread(output, "closing");
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    closing.clear();
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
