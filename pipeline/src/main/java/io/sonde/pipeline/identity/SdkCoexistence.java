package io.sonde.pipeline.identity;

import io.sonde.pipeline.accounting.SelfMetric;
import io.sonde.pipeline.accounting.SelfMetricSource;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.ProcessStarted;
import io.sonde.pipeline.identity.OwnExports.Instance;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Which services export a signal themselves, because an OpenTelemetry SDK runs in them: that signal
 * Sonde does not tell of them as well. Decided when it is seen, for as long as the process lives,
 * each signal for itself. Safe for many threads.
 *
 * <p>The signal is in the path, or over gRPC in the method, and the export was answered with
 * success. Where the connection is older than the capture the method may never be told: then a call
 * to the port to which the process's settings, or else the usual one, send a signal is taken for an
 * export of it, as Beyla does. Over TLS the same holds where its plaintext is read; where it is
 * not, nothing is seen. Of a service that is sent telemetry itself nothing is decided.
 */
public final class SdkCoexistence implements SelfMetricSource {
  private static final Logger LOG = Logger.getLogger(SdkCoexistence.class.getName());

  /** More instrumented processes than a host runs; of the earliest nothing is remembered then. */
  static final int MAX_INSTANCES = 4096;

  /** Of decisions, on the page of self-metrics. */
  private static final int MAX_LISTED = 1000;

  /** How it was seen. */
  public enum Evidence {
    /** A request to a path of OTLP over HTTP, answered with success. */
    HTTP_EXPORT,
    /** A call of a method of OTLP over gRPC, answered with success. */
    GRPC_EXPORT,
    /** A call to the port of OTLP over gRPC whose method is not known, answered with success. */
    GRPC_PORT;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is not told because of a decision. */
  public enum Withheld {
    /** Exchanges that have no spans. */
    TRACES,
    /** Exchanges that are in no metric. */
    METRICS,
    /** The services' own exports, of which nothing is told. */
    OTLP_CALLS;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param excludeInstrumented false: every service is told of, whatever it exports
   * @param grpcPort of OTLP over gRPC where a process's own settings name no other
   */
  public record Settings(boolean excludeInstrumented, int grpcPort) {
    /** Beyla's defaults. */
    public static final Settings DEFAULT = new Settings(true, 4317);
  }

  /**
   * That a service exports a signal itself.
   *
   * @param service its name
   * @param namespace empty when none
   * @param instance {@code service.instance.id}
   */
  public record Decision(
      String service, String namespace, String instance, Export signal, Evidence evidence) {}

  private record Known(OwnExports own, List<Decision> decisions) {}

  private final Settings settings;
  private final Map<Withheld, LongAdder> withheld = new LinkedHashMap<>();

  /** Those of which something was decided; guarded by this. */
  private final Map<Instance, Known> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Instance, Known> eldest) {
          return size() > MAX_INSTANCES;
        }
      };

  public SdkCoexistence(Settings settings) {
    this.settings = settings;
    for (Withheld what : Withheld.values()) {
      withheld.put(what, new LongAdder());
    }
  }

  /** What is known of a process, or will be. */
  OwnExports of(CaptureStarted host, ProcessStarted process) {
    Instance instance = instance(host, process);
    synchronized (this) {
      Known before = known.get(instance);
      return before != null
          ? before.own
          : new OwnExports(instance, GrpcExports.of(OtelSettings.of(process), settings.grpcPort()));
    }
  }

  synchronized void exited(CaptureStarted host, ProcessStarted process) {
    known.remove(instance(host, process));
  }

  /** The service was seen to export the signal. */
  public void exports(Service service, Export signal, Evidence evidence) {
    OwnExports own = service.ownExports();
    if (!settings.excludeInstrumented() || !own.add(signal)) {
      return;
    }
    Decision decision =
        new Decision(service.name(), service.namespace(), service.instanceId(), signal, evidence);
    synchronized (this) {
      known
          .computeIfAbsent(own.instance(), instance -> new Known(own, new ArrayList<>()))
          .decisions
          .add(decision);
    }
    LOG.log(
        Level.INFO,
        "{0} ({1}) exports its {2} itself, as seen by {3}: Sonde tells no more of its {2}."
            + " discovery.exclude_otel_instrumented_services = false lets both tell them",
        new Object[] {service.name(), service.instanceId(), label(signal), evidence.label()});
  }

  /**
   * The service was seen to be sent telemetry, as a proxy or a gateway before a collector is. What
   * it sends on tells nothing of itself, and what was decided by that is taken back.
   */
  public void receives(Service service) {
    OwnExports own = service.ownExports();
    if (!own.forward()) {
      return;
    }
    synchronized (this) {
      known.put(own.instance(), new Known(own, new ArrayList<>()));
    }
    LOG.log(
        Level.INFO,
        "{0} ({1}) is sent telemetry over OTLP, so what it exports may be that of others: Sonde tells"
            + " of it as of any service",
        new Object[] {service.name(), service.instanceId()});
  }

  /** Whether what the service exports over OTLP is its own, as far as is known. */
  public boolean ownsItsExports(Service service) {
    return !service.ownExports().isForwarding();
  }

  /** The service made a call to that port over gRPC, and it is not known which. */
  public void callsOverGrpc(Service service, int remotePort) {
    for (Export signal : Export.values()) {
      if (service.ownExports().grpc().areTo(remotePort, signal)) {
        exports(service, signal, Evidence.GRPC_PORT);
      }
    }
  }

  /** One more that is not told. */
  public void count(Withheld what) {
    withheld.get(what).increment();
  }

  /** All that was decided of processes that live, in its order. */
  public synchronized List<Decision> decisions() {
    return known.values().stream().flatMap(one -> one.decisions.stream()).toList();
  }

  @Override
  public List<SelfMetric> collect() {
    Map<Map<String, String>, Double> services = new LinkedHashMap<>();
    decisions().stream()
        .limit(MAX_LISTED)
        .forEach(decision -> services.merge(labels(decision), 1.0, Double::sum));
    Map<Map<String, String>, Double> totals = new LinkedHashMap<>();
    withheld.forEach(
        (what, total) -> totals.put(Map.of("what", what.label()), (double) total.sum()));
    return List.of(
        SelfMetric.gauge(
            "sonde_avoided_services",
            "Services of which Sonde does not tell a signal because they export it themselves, and"
                + " how that was seen. http_export: a request to a path of OTLP, answered with"
                + " success; grpc_export: a call of a method of OTLP, the same; grpc_port: a call to the"
                + " port of OTLP over gRPC whose method could not be read.",
            "",
            services),
        SelfMetric.counter(
            "sonde_avoided",
            "Requests not told because their service exports the signal itself. traces: have no"
                + " spans; metrics: are in no metric; otlp_calls: are those exports themselves.",
            "",
            totals));
  }

  private static Map<String, String> labels(Decision decision) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("service_name", decision.service());
    labels.put("service_namespace", decision.namespace());
    labels.put("service_instance_id", decision.instance());
    labels.put("telemetry_type", label(decision.signal()));
    labels.put("evidence", decision.evidence().label());
    return labels;
  }

  private static String label(Export signal) {
    return signal.name().toLowerCase(Locale.ROOT);
  }

  private static Instance instance(CaptureStarted host, ProcessStarted process) {
    String kernel = host.bootId().isEmpty() ? host.instanceId() : host.bootId();
    return new Instance(kernel, process.pid(), process.startNs(), process.executable());
  }
}
