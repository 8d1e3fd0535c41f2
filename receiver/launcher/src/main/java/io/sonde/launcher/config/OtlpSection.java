package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.beyla;
import static io.sonde.launcher.config.EnvironmentVariable.exactly;

import io.sonde.pipeline.OtlpConfig.Protocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How to get to an endpoint: the same options for traces, for metrics and for both. What is set for
 * one signal goes before what is set for both.
 */
final class OtlpSection {
  /** Of OTLP payloads. */
  enum Compression {
    NONE,
    GZIP
  }

  private final String section;
  private final String variables;
  private final boolean both;

  final Option<String> endpoint;
  final Option<Protocol> protocol;
  final Option<Map<String, String>> headers;
  final Option<Duration> timeout;
  final Option<Compression> compression;
  final Option<String> username;
  final Option<String> password;
  final Option<String> bearerToken;
  final Option<Path> bearerTokenFile;
  final Option<Path> caFile;
  final Option<Path> certFile;
  final Option<Path> keyFile;
  final Option<Boolean> insecure;
  final Option<Boolean> skipVerify;
  final Option<String> serverName;

  /** In the order of the reference file. */
  final List<Option<?>> all;

  /**
   * @param variables of OpenTelemetry, up to the underscore before {@code ENDPOINT}
   */
  OtlpSection(String section, String variables, String endpointDoc) {
    this.section = section;
    this.variables = variables;
    this.both = section.equals("otel_export");
    endpoint = option("endpoint", TextTypes.OTLP_ENDPOINT, "\"\"", endpointDoc, "ENDPOINT");
    protocol =
        option(
            "protocol",
            Type.optional(ChoiceTypes.choice(Protocol.class, name -> name.replace('_', '/'))),
            "\"\"",
            "grpc or http/protobuf; empty: "
                + (both
                    ? "grpc when the port is 4317 or the endpoint a Unix socket, else"
                        + " http/protobuf."
                    : "as otel_export."),
            "PROTOCOL");
    headers =
        option(
                "headers",
                MapType.MAP,
                "{}",
                both
                    ? "Headers of every request, as { Authorization = \"Basic …\" }."
                    : "Headers in addition to those of otel_export, or instead of one of them.",
                "HEADERS")
            .asSecret();
    timeout =
        option(
            "timeout",
            orCommon(NumberTypes.DURATION),
            both ? "10s" : "\"\"",
            "Of one attempt to send a request" + orEmpty(),
            "TIMEOUT");
    compression =
        option(
            "compression",
            orCommon(ChoiceTypes.choice(Compression.class, name -> name)),
            both ? "none" : "\"\"",
            "gzip or none" + orEmpty(),
            "COMPRESSION");
    username =
        option(
            "auth.basic.username",
            TextTypes.TEXT,
            "\"\"",
            "Basic authentication, as the Collector's basicauth extension; for Grafana Cloud the"
                + " instance's number"
                + (both ? "." : "; any key of auth here replaces all of otel_export.auth."));
    password = option("auth.basic.password", TextTypes.TEXT, "\"\"", "Goes with it.").asSecret();
    bearerToken =
        option(
                "auth.bearer_token",
                TextTypes.TEXT,
                "\"\"",
                "Instead: a bearer token, as the Collector's bearertokenauth extension.")
            .asSecret();
    bearerTokenFile =
        option(
            "auth.bearer_token_file",
            Type.optional(TextTypes.FILE),
            "\"\"",
            "Instead: a file with the token, read again whenever it changes.");
    caFile =
        option(
            "tls.ca_file",
            Type.optional(TextTypes.FILE),
            "\"\"",
            "Certificates (PEM) of the authorities that may vouch for an https endpoint; empty: "
                + (both ? "those Java knows." : "as otel_export.")
                + " This and the next two files are read again when they change.",
            "CERTIFICATE");
    certFile =
        option(
            "tls.cert_file",
            Type.optional(TextTypes.FILE),
            "\"\"",
            "Sonde's own certificate and its chain (PEM), for endpoints that ask for one (mTLS)"
                + orEmpty(),
            "CLIENT_CERTIFICATE");
    keyFile =
        option(
            "tls.key_file",
            Type.optional(TextTypes.FILE),
            "\"\"",
            "Its key (PEM, PKCS #8, without a password)" + orEmpty(),
            "CLIENT_KEY");
    insecure =
        option(
            "tls.insecure",
            orCommon(ChoiceTypes.BOOLEAN),
            both ? "false" : "\"\"",
            "Without TLS, where the endpoint is a host:port; http:// and https:// say it themselves"
                + orEmpty(),
            "INSECURE");
    String skipDoc =
        "Believe whatever certificate an https endpoint shows. For tests: anybody on the way can"
            + " then read along"
            + orEmpty();
    skipVerify =
        both
            ? Option.of(
                section + ".tls.insecure_skip_verify",
                ChoiceTypes.BOOLEAN,
                "false",
                skipDoc,
                beyla("INSECURE_SKIP_VERIFY"))
            : option(
                "tls.insecure_skip_verify", Type.optional(ChoiceTypes.BOOLEAN), "\"\"", skipDoc);
    serverName =
        option(
            "tls.server_name_override",
            TextTypes.TEXT,
            "\"\"",
            "The name to ask for and to expect in an https endpoint's certificate, where it is not"
                + " the host of the endpoint"
                + orEmpty());
    all =
        List.of(
            endpoint,
            protocol,
            headers,
            timeout,
            compression,
            username,
            password,
            bearerToken,
            bearerTokenFile,
            caFile,
            certFile,
            keyFile,
            insecure,
            skipVerify,
            serverName);
  }

  /** {@code otel_traces_export}. */
  String name() {
    return section;
  }

  private <T> Option<T> option(
      String name, Type<T> type, String defaultValue, String doc, String... variable) {
    EnvironmentVariable[] named =
        List.of(variable).stream()
            .map(suffix -> exactly(variables + "_" + suffix))
            .toArray(EnvironmentVariable[]::new);
    return Option.of(section + "." + name, type, defaultValue, doc, named);
  }

  private <T> Type<T> orCommon(Type<T> type) {
    return both ? type : Type.optional(type);
  }

  private String orEmpty() {
    return both ? "." : "; empty: as otel_export.";
  }
}
