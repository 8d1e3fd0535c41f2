package io.sonde.launcher.config;

import io.sonde.launcher.config.OtlpKeys.MetricsExporter;
import io.sonde.launcher.config.OtlpKeys.TracesExporter;
import io.sonde.pipeline.OtlpAddress;
import io.sonde.pipeline.OtlpAddress.Tcp;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.OtlpConfig.Auth;
import io.sonde.pipeline.OtlpConfig.Protocol;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is set for one signal goes before what is set for both, as in Beyla and the OTLP exporter
 * specification.
 */
final class OtlpSettings {
  private static final int GRPC_PORT = 4317;

  /** What gRPC takes as the name of a header with text; HTTP takes a little more. */
  private static final Pattern HEADER_NAME = Pattern.compile("(?!.*-bin$)[0-9A-Za-z_.-]+");

  private static final Pattern HEADER_VALUE = Pattern.compile("[ -~]*");

  private final Values values;
  private final List<String> problems;

  /**
   * @param problems receives what does not go together
   */
  OtlpSettings(Values values, List<String> problems) {
    this.values = values;
    this.problems = problems;
  }

  /** Empty when nothing of it is to go over OTLP, or there is no endpoint for it. */
  Optional<OtlpConfig> of(Signal what) {
    boolean traces = what == Signal.TRACES;
    boolean wanted =
        !values.get(OtlpKeys.OTLP_DISABLED)
            && (traces
                ? values.get(OtlpKeys.TRACES_EXPORTERS).contains(TracesExporter.OTLP)
                : values.get(OtlpKeys.METRICS_EXPORTERS).contains(MetricsExporter.OTLP));
    return wanted
        ? of(traces ? OtlpKeys.OTLP_TRACES : OtlpKeys.OTLP_METRICS, what)
        : Optional.empty();
  }

  private Optional<OtlpConfig> of(OtlpSection signal, Signal what) {
    boolean common = values.get(signal.endpoint).isEmpty();
    Option<String> option = common ? OtlpKeys.OTLP.endpoint : signal.endpoint;
    String text = values.get(option);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    OtlpAddress endpoint = OtlpAddress.parse(text, either(signal, its -> its.insecure));
    Protocol protocol = protocol(signal, endpoint);
    if (protocol == Protocol.HTTP_PROTOBUF && !text.contains("://")) {
      problem(
          option.key()
              + " is "
              + text
              + ": over http/protobuf it must begin with http:// or https://, over gRPC set "
              + OtlpKeys.OTLP.protocol.key()
              + " = grpc");
    }
    Map<String, String> headers = headers(signal);
    return Optional.of(
        new OtlpConfig(
            protocol,
            endpoint.withPath(protocol == Protocol.GRPC ? "" : path(endpoint, what, common)),
            headers,
            auth(signal, headers),
            tls(signal),
            either(signal, its -> its.timeout),
            either(signal, its -> its.compression) == OtlpSection.Compression.GZIP,
            (int) Math.min(values.get(OtlpKeys.OTLP_MAX_REQUEST_BYTES), queue().maxBytes() / 4),
            backoff(),
            values.get(OtlpKeys.OTLP_PARKED),
            queue()));
  }

  private Protocol protocol(OtlpSection signal, OtlpAddress endpoint) {
    Protocol given = either(signal, its -> its.protocol);
    if (given != null) {
      return given;
    }
    return !(endpoint.target() instanceof Tcp tcp) || tcp.port() == GRPC_PORT
        ? Protocol.GRPC
        : Protocol.HTTP_PROTOBUF;
  }

  /** The signal's own value; where it has none, that for both. */
  private <T> T either(OtlpSection signal, Function<OtlpSection, Option<T>> option) {
    Option<T> own = option.apply(signal);
    return values.get(isSet(own) ? own : option.apply(OtlpKeys.OTLP));
  }

  private boolean isSet(Option<?> option) {
    Object value = values.get(option);
    return value != null && !value.equals("");
  }

  /** A signal's own URL is used as it is, but one without any path can only mean the usual one. */
  private static String path(OtlpAddress endpoint, Signal signal, boolean common) {
    String path = endpoint.path();
    String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return common || base.isEmpty() ? base + signal.httpPath() : path;
  }

  private Map<String, String> headers(OtlpSection signal) {
    Map<String, String> headers = new LinkedHashMap<>(values.get(OtlpKeys.OTLP.headers));
    headers.putAll(values.get(signal.headers));
    headers.forEach(
        (name, value) -> {
          if (!HEADER_NAME.matcher(name).matches() || !HEADER_VALUE.matcher(value).matches()) {
            problem(
                OtlpKeys.OTLP.headers.key()
                    + ": "
                    + name
                    + " cannot be sent: a name has letters, digits, '-', '_' and '.' and does not"
                    + " end with -bin, a value has printable ASCII characters");
          }
        });
    return Map.copyOf(headers);
  }

  private Auth auth(OtlpSection signal, Map<String, String> headers) {
    boolean own =
        Stream.of(signal.username, signal.password, signal.bearerToken, signal.bearerTokenFile)
            .anyMatch(this::isSet);
    OtlpSection section = own ? signal : OtlpKeys.OTLP;
    Auth auth = auth(section);
    if (!(auth instanceof OtlpConfig.NoAuth)
        && headers.keySet().stream().anyMatch("authorization"::equalsIgnoreCase)) {
      problem(section.name() + ".auth and a header Authorization are both set: keep one of them");
    }
    return auth;
  }

  private Auth auth(OtlpSection section) {
    String username = values.get(section.username);
    String password = values.get(section.password);
    String token = values.get(section.bearerToken);
    Path file = values.get(section.bearerTokenFile);
    boolean basic = !username.isEmpty() || !password.isEmpty();
    if ((basic ? 1 : 0) + (token.isEmpty() ? 0 : 1) + (file == null ? 0 : 1) > 1) {
      problem(
          section.name()
              + ".auth has more than one of basic, bearer_token and bearer_token_file: keep one");
    }
    if (basic) {
      if (username.isEmpty() || password.isEmpty()) {
        problem(section.name() + ".auth.basic needs both username and password");
      }
      return new OtlpConfig.Basic(username, password);
    }
    if (file != null) {
      return new OtlpConfig.BearerFile(file);
    }
    if (!HEADER_VALUE.matcher(token).matches()) {
      problem(section.bearerToken.key() + " must be of printable ASCII characters");
    }
    return token.isEmpty() ? new OtlpConfig.NoAuth() : new OtlpConfig.Bearer(token);
  }

  private OtlpConfig.Tls tls(OtlpSection signal) {
    Optional<Path> certificate = Optional.ofNullable(either(signal, its -> its.certFile));
    Optional<Path> key = Optional.ofNullable(either(signal, its -> its.keyFile));
    if (certificate.isPresent() != key.isPresent()) {
      problem("otel_export.tls: cert_file and key_file need each other: set both or none");
    }
    return new OtlpConfig.Tls(
        Optional.ofNullable(either(signal, its -> its.caFile)),
        certificate,
        key,
        either(signal, its -> its.skipVerify),
        Optional.of(either(signal, its -> its.serverName)).filter(name -> !name.isEmpty()));
  }

  private OtlpConfig.Backoff backoff() {
    OtlpConfig.Backoff backoff =
        new OtlpConfig.Backoff(
            values.get(OtlpKeys.OTLP_BACKOFF_INITIAL),
            values.get(OtlpKeys.OTLP_BACKOFF_MAX),
            values.get(OtlpKeys.OTLP_BACKOFF_MAX_ELAPSED));
    if (backoff.initial().isZero() || backoff.initial().compareTo(backoff.max()) > 0) {
      problem(
          OtlpKeys.OTLP_BACKOFF_INITIAL.key()
              + " must be more than 0 and at most "
              + OtlpKeys.OTLP_BACKOFF_MAX.key());
    }
    return backoff;
  }

  private OtlpConfig.Queue queue() {
    Optional<Path> directory = Optional.ofNullable(values.get(OtlpKeys.OTLP_QUEUE_DIRECTORY));
    return new OtlpConfig.Queue(
        directory,
        values.get(
            directory.isPresent() ? OtlpKeys.OTLP_QUEUE_DISK_BYTES : OtlpKeys.OTLP_QUEUE_BYTES));
  }

  /** Once, though both signals may have it. */
  private void problem(String sentence) {
    if (!problems.contains(sentence)) {
      problems.add(sentence);
    }
  }
}
