package io.sonde.pipeline;

import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.ExporterStatus;
import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.coexistence.OtlpCalls;
import io.sonde.pipeline.connection.CaptureDecoder;
import io.sonde.pipeline.connection.Kernels;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.exchange.ExchangeSink;
import io.sonde.pipeline.identity.SdkCoexistence;
import io.sonde.pipeline.identity.ServiceFactory;
import io.sonde.pipeline.linking.Handover;
import io.sonde.pipeline.linking.Linker;
import io.sonde.pipeline.linking.Outputs;
import io.sonde.pipeline.linking.Trace;
import io.sonde.pipeline.linking.TraceSink;
import io.sonde.pipeline.metrics.MetricStore;
import io.sonde.pipeline.metrics.MetricStores;
import io.sonde.pipeline.routes.LearnedRoutesFile;
import io.sonde.pipeline.routes.Router;
import io.sonde.pipeline.routes.RoutesByService;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

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
  private final Kernels kernels = new Kernels();
  private final SdkCoexistence coexistence;
  private final ServiceFactory services;
  private final MetricStores metrics;
  private final RoutesByService routes;
  private Optional<LearnedRoutesFile> learned = Optional.empty();
  private volatile ExchangeSink exchanges;

  /** Null while nobody wants a trace; else it stays, with the calls that it holds. */
  private Linker linker;

  private volatile List<TraceSink> traceOutputs;

  /** Null: what comes happens now. */
  private final RecordedTime recordedTime;

  private final RunningOutputs outputs;

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
    learned = openLearned();
    outputs = new RunningOutputs(config, out, metrics, selfMetrics, recordedTime);
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
    traceOutputs = List.copyOf(outputs.traceSinks());
    ExchangeSink router =
        new Router(config.routes().settings(), routes, linked(handover(traceOutputs)));
    return config.coexistence().excludeInstrumented() ? new OtlpCalls(coexistence, router) : router;
  }

  private ExchangeSink linked(List<TraceSink> traceOutputs) {
    List<MetricStore> stores = metrics.all();
    ExchangeSink counted = exchange -> stores.forEach(store -> store.accept(exchange));
    boolean exemplars =
        config.otlpTraces().isPresent() || stores.stream().anyMatch(MetricStore::wantsAnySpan);
    Outputs all =
        exemplars
            ? new Outputs(
                counted,
                trace -> {
                  stores.forEach(store -> count(trace, store));
                  return true;
                },
                traceOutputs,
                selfMetrics.untold())
            : Outputs.withoutExemplars(counted, traceOutputs, selfMetrics.untold());
    if (!exemplars && traceOutputs.isEmpty() && linker == null) {
      return all::acceptEarly;
    }
    if (linker == null) {
      linker =
          new Linker(
              config.queueThreshold(),
              config.sampler(),
              all,
              selfMetrics.links(),
              recordedTime == null ? System::nanoTime : recordedTime::unixNs);
    } else {
      linker.reconfigure(config.queueThreshold(), config.sampler(), all);
    }
    return linker;
  }

  /** A span that is not exported, for its protocol is not, must not be named by metrics. */
  private void count(Trace trace, MetricStore store) {
    Set<Instrumentation> exported = config.exports().spanBatches().instrumentations();
    if (store.wantsAnySpan() || exported.contains(Instrumentation.of(trace.exchange()))) {
      store.accept(trace);
    } else {
      store.accept(trace.exchange());
    }
  }

  /** Nothing is made for nobody. */
  private List<TraceSink> handover(List<TraceSink> outputs) {
    return outputs.isEmpty() ? List.of() : List.of(new Handover(outputs, selfMetrics.spans()));
  }

  private Account account(String stage) {
    Account account = new Account(stage);
    selfMetrics.register(account);
    return account;
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
    CaptureSink observed = new ObservedCapture(capture, decoder, selfMetrics, outputs::printing);
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
    return outputs.spansWaiting();
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
    return outputs.prometheusAddress();
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
    return outputs.reload(next, () -> exchanges = exchangeSink());
  }

  /** Flushes the outputs and stops them. No sink may be fed any more. */
  @Override
  public void close() {
    housekeeper.shutdown();
    outputs.close();
    learned.ifPresent(LearnedRoutesFile::save);
  }
}
