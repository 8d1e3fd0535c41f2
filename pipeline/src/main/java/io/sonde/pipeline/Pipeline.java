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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

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

  private volatile PipelineConfig config;
  private final SelfMetrics selfMetrics = new SelfMetrics();
  private final ScheduledExecutorService housekeeper =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "housekeeping");
            thread.setDaemon(true);
            return thread;
          });
  private final Account decode = account("decode");
  private final Account printed = account("print");
  private final Account exportedTraces = account(EXPORT_TRACES);
  private final Kernels kernels = new Kernels();
  private final SdkCoexistence coexistence;
  private final ServiceFactory services;
  private final PrintStream out;
  private final MetricStores metrics;
  private final RoutesByService routes;
  private Optional<LearnedRoutesFile> learned = Optional.empty();
  private volatile ExchangeSink exchanges;

  /** Null while nobody wants a trace; else it stays, with the calls that it holds. */
  private Linker linker;

  private volatile List<TraceSink> traceOutputs;
  private final Optional<SelfStore> selfOverOtlp;
  private final Health health = new Health(selfMetrics);

  /** Null: what comes happens now. */
  private final RecordedTime recordedTime;

  // Null where there is none.
  private Listening<PipelineConfig.Health, HealthEndpoint> healthEndpoint;
  private volatile Listening<PipelineConfig.Prometheus, PrometheusEndpoint> page;
  private OtlpMetrics otlpMetrics;
  private OtlpTraces otlpTraces;
  private volatile TracePrinter printer;

  private Pipeline(PipelineConfig config, PrintStream out, RecordedTime recordedTime)
      throws PipelineStartException {
    this.config = config;
    this.out = out;
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
    startOutputs();
    exchanges = exchangeSink();
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
      return Optional.of(LearnedRoutesFile.open(directory.get(), routes));
    } catch (IOException e) {
      throw new PipelineStartException("routes.state_directory", e.getMessage(), e);
    }
  }

  /** All that exchanges pass, by the configuration and to the outputs of now. */
  private ExchangeSink exchangeSink() {
    List<TraceSink> sinks = new ArrayList<>();
    if (otlpTraces != null) {
      sinks.add(otlpTraces);
    }
    if (printer != null) {
      sinks.add(printer);
    }
    traceOutputs = List.copyOf(sinks);
    ExchangeSink router =
        new Router(config.routes().settings(), routes, outputs(handover(traceOutputs)));
    return config.coexistence().excludeInstrumented() ? new OtlpCalls(coexistence, router) : router;
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
    if (!exemplars && traceOutputs.isEmpty() && linker == null) {
      return outputs::acceptEarly;
    }
    if (linker == null) {
      linker =
          new Linker(
              config.queueThreshold(),
              config.sampler(),
              outputs,
              selfMetrics.links(),
              recordedTime == null ? System::nanoTime : recordedTime::unixNs);
    } else {
      linker.reconfigure(config.queueThreshold(), config.sampler(), outputs);
    }
    return linker;
  }

  /** Nothing is made for nobody. */
  private List<TraceSink> handover(List<TraceSink> outputs) {
    return outputs.isEmpty() ? List.of() : List.of(new Handover(outputs, selfMetrics.spans()));
  }

  private void startOutputs() throws PipelineStartException {
    try {
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
    } catch (PipelineStartException e) {
      close();
      throw e;
    }
    printer = printer();
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

  /** Takes in a capture instance. */
  public CaptureSink open(CaptureStarted capture) {
    CaptureDecoder decoder =
        new CaptureDecoder(
            capture,
            kernels,
            services,
            new LatestSink(() -> exchanges),
            decode,
            selfMetrics.decode(),
            config.decoding(),
            config.limits().maxConnections());
    CaptureSink observed = new ObservedCapture(capture, decoder, selfMetrics, this::printing);
    return recordedTime == null
        ? observed
        : new ReplayedCapture(capture, observed, recordedTime, this::hasRoom);
  }

  private BooleanSupplier printing() {
    TracePrinter now = printer;
    return now == null ? () -> true : now.written();
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

  /** A changed configuration was read; tells in the self-metrics what became of it. */
  public void reloaded(boolean successfully) {
    selfMetrics.reloaded(successfully);
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
    return Optional.ofNullable(page).map(listening -> listening.endpoint().address());
  }

  /**
   * Goes on as {@code next} says, without losing or counting twice what is under way. Only to be
   * called on the thread that feeds the sinks. What can be changed: the printer, where endpoints
   * are and how they are spoken to, where is listened, names of services, what spans are made of;
   * queues stay as they are, and {@code next} must not differ in anything else.
   *
   * @return what could not be done, with its reason; then that output goes on as it was
   */
  public List<String> reload(PipelineConfig next) {
    PipelineConfig before = config;
    config = next;
    if (!next.serviceName().equals(before.serviceName())
        || !next.resourceAttributes().equals(before.resourceAttributes())
        || !next.overrides().equals(before.overrides())) {
      services.reconfigure(next.serviceName(), next.resourceAttributes(), next.overrides());
    }
    List<String> failures = new ArrayList<>();
    TracePrinter printerBefore = printer;
    if (next.tracePrinter() != before.tracePrinter()) {
      printer = printer();
    }
    exchanges = exchangeSink();
    if (printerBefore != null && printerBefore != printer) {
      printerBefore.close();
    }
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
    learned.ifPresent(file -> closings.add(file::save));
    return closings;
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
