package io.sonde.launcher.companion;

import io.sonde.pipeline.OtlpAddress;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.PipelineConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** From the ends that Sonde sends to, the servers that must be there. */
final class Listeners {
  private static final Pattern THIS_HOST =
      Pattern.compile("localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1]");

  private final List<String> remarks;

  private Listeners(List<String> remarks) {
    this.remarks = remarks;
  }

  /**
   * One where both signals go to the same place, else one for each.
   *
   * @param remarks receives what the reader must know of it
   */
  static List<Listener> of(PipelineConfig sonde, List<String> remarks) {
    Listeners listeners = new Listeners(remarks);
    Optional<Listener> traces = sonde.otlpTraces().map(otlp -> listeners.of("traces", otlp));
    Optional<Listener> metrics = sonde.otlpMetrics().map(otlp -> listeners.of("metrics", otlp));
    if (traces.isPresent() && metrics.isPresent()) {
      return both(traces.get(), metrics.get());
    }
    return traces.or(() -> metrics).map(List::of).orElse(List.of());
  }

  private static List<Listener> both(Listener traces, Listener metrics) {
    if (!traces.samePlace(metrics)) {
      return List.of(traces.named("sonde_traces"), metrics.named("sonde_metrics"));
    }
    Map<String, String> paths = new TreeMap<>(traces.paths());
    paths.putAll(metrics.paths());
    return List.of(traces.withMetrics(paths));
  }

  private Listener of(String signal, OtlpConfig otlp) {
    boolean http = otlp.protocol() == OtlpConfig.Protocol.HTTP_PROTOBUF;
    String path = otlp.endpoint().path();
    return new Listener(
        "sonde",
        signal.equals("traces"),
        signal.equals("metrics"),
        http ? Listener.Protocol.HTTP : Listener.Protocol.GRPC,
        address(otlp.endpoint().target()),
        http && !path.equals("/v1/" + signal) ? Map.of(signal + "_url_path", path) : Map.of(),
        otlp.endpoint().tls(),
        otlp.endpoint().tls() && otlp.tls().certificate().isPresent(),
        auth(otlp.auth()));
  }

  private Listener.Address address(OtlpAddress.Target target) {
    if (target instanceof OtlpAddress.UnixFile file) {
      return new Listener.Address(Listener.Address.UNIX, file.path());
    }
    if (target instanceof OtlpAddress.UnixAbstract named) {
      return new Listener.Address(Listener.Address.UNIX, "@" + named.name());
    }
    OtlpAddress.Tcp tcp = (OtlpAddress.Tcp) target;
    return tcp(tcp.host(), tcp.port());
  }

  private static Listener.Auth auth(OtlpConfig.Auth auth) {
    if (auth instanceof OtlpConfig.Basic) {
      return Listener.Auth.BASIC;
    }
    return auth instanceof OtlpConfig.NoAuth ? Listener.Auth.NONE : Listener.Auth.BEARER;
  }

  private Listener.Address tcp(String host, int port) {
    if (THIS_HOST.matcher(host).matches()) {
      return new Listener.Address("tcp", host + ":" + port);
    }
    String remark = "Sonde sends to " + host + ": this is for the one that runs there.";
    if (!remarks.contains(remark)) {
      remarks.add(remark);
    }
    return new Listener.Address("tcp", "0.0.0.0:" + port);
  }
}
