package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.beyla;
import static io.sonde.launcher.config.EnvironmentVariable.exactly;
import static io.sonde.launcher.config.EnvironmentVariable.sonde;

import io.sonde.pipeline.OtlpConfig.Protocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Outputs that are pushed, by OTLP. */
final class OtlpKeys {
  static final Otlp OTLP =
      new Otlp(
          "otel_export",
          "OTEL_EXPORTER_OTLP",
          "OTLP endpoint for traces and metrics alike: http://host:port, https://host:port,"
              + " unix:///path or unix://@name for a Unix socket with or without a file, or"
              + " host:port as the Collector writes it, which is TLS unless tls.insecure. Over HTTP,"
              + " /v1/traces and /v1/metrics are appended to its path.");

  static final Otlp OTLP_TRACES =
      new Otlp(
          "otel_traces_export",
          "OTEL_EXPORTER_OTLP_TRACES",
          "OTLP endpoint for traces, used as it is; what is set here goes before otel_export.");

  static final Otlp OTLP_METRICS =
      new Otlp(
          "otel_metrics_export",
          "OTEL_EXPORTER_OTLP_METRICS",
          "OTLP endpoint for metrics, used as it is; what is set here goes before otel_export.");

  static final Option<String> OTLP_USERNAME =
      Option.of(
          "otel_export.auth.basic.username",
          Types.TEXT,
          "\"\"",
          "Basic authentication, as the Collector's basicauth extension; for Grafana Cloud the"
              + " instance's number. All of auth and tls is for both signals.");

  static final Option<String> OTLP_PASSWORD =
      Option.of("otel_export.auth.basic.password", Types.TEXT, "\"\"", "Goes with it.").asSecret();

  static final Option<String> OTLP_BEARER_TOKEN =
      Option.of(
              "otel_export.auth.bearer_token",
              Types.TEXT,
              "\"\"",
              "Instead: a bearer token, as the Collector's bearertokenauth extension.")
          .asSecret();

  static final Option<Path> OTLP_BEARER_TOKEN_FILE =
      Option.of(
          "otel_export.auth.bearer_token_file",
          Types.optional(Types.FILE),
          "\"\"",
          "Instead: a file with the token, read again whenever it changes.");

  static final Option<Path> OTLP_CA_FILE =
      Option.of(
          "otel_export.tls.ca_file",
          Types.optional(Types.FILE),
          "\"\"",
          "Certificates (PEM) of the authorities that may vouch for an https endpoint; empty: those"
              + " Java knows.",
          exactly("OTEL_EXPORTER_OTLP_CERTIFICATE"));

  static final Option<Path> OTLP_CERT_FILE =
      Option.of(
          "otel_export.tls.cert_file",
          Types.optional(Types.FILE),
          "\"\"",
          "Sonde's own certificate and its chain (PEM), for endpoints that ask for one (mTLS).",
          exactly("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"));

  static final Option<Path> OTLP_KEY_FILE =
      Option.of(
          "otel_export.tls.key_file",
          Types.optional(Types.FILE),
          "\"\"",
          "Its key (PEM, PKCS #8, without a password).",
          exactly("OTEL_EXPORTER_OTLP_CLIENT_KEY"));

  static final Option<Boolean> OTLP_INSECURE =
      Option.of(
          "otel_export.tls.insecure",
          Types.BOOLEAN,
          "false",
          "Without TLS, where the endpoint is a host:port; http:// and https:// say it themselves.",
          exactly("OTEL_EXPORTER_OTLP_INSECURE"));

  static final Option<Boolean> OTLP_SKIP_VERIFY =
      Option.of(
          "otel_export.tls.insecure_skip_verify",
          Types.BOOLEAN,
          "false",
          "Believe whatever certificate an https endpoint shows. For tests: anybody on the way can"
              + " then read along.",
          beyla("INSECURE_SKIP_VERIFY"));

  static final Option<String> OTLP_SERVER_NAME =
      Option.of(
          "otel_export.tls.server_name_override",
          Types.TEXT,
          "\"\"",
          "The name to ask for and to expect in an https endpoint's certificate, where it is not"
              + " the host of the endpoint.");

  static final Option<Duration> OTLP_BACKOFF_INITIAL =
      Option.of(
          "otel_export.backoff_initial_interval",
          Types.DURATION,
          "1s",
          "Pause after the first failure of a request that may be tried again. Each further one is"
              + " half as long again, and all vary by half. An endpoint that names a time (RetryInfo,"
              + " Retry-After) is left alone for that time instead.",
          beyla("BACKOFF_INITIAL_INTERVAL"));

  static final Option<Duration> OTLP_BACKOFF_MAX =
      Option.of(
          "otel_export.backoff_max_interval",
          Types.DURATION,
          "30s",
          "Longest of these pauses.",
          beyla("BACKOFF_MAX_INTERVAL"));

  static final Option<Duration> OTLP_BACKOFF_MAX_ELAPSED =
      Option.of(
          "otel_export.backoff_max_elapsed_time",
          Types.DURATION,
          "0s",
          "A request that could not be delivered for so long is given up. 0: never; what waits is"
              + " bounded by the queue, so giving up early would only lose what there is room for.",
          beyla("BACKOFF_MAX_ELAPSED_TIME"));

  static final Option<Duration> OTLP_PARKED =
      Option.of(
          "otel_export.unimplemented_retry_interval",
          Types.DURATION,
          "5m",
          "How long an endpoint is left alone that does not know traces, or metrics (UNIMPLEMENTED,"
              + " HTTP 404). Collectors answer so when no pipeline takes the signal.");

  static final Option<Long> OTLP_MAX_REQUEST_BYTES =
      Option.of(
          "otel_export.max_request_bytes",
          Types.bytes(1 << 10, 1 << 30),
          "3584KiB",
          "Larger requests are split before they are sent. A Collector takes 4 MiB over gRPC by"
              + " default, before compression; this leaves room. At most a quarter of the queue.");

  static final Option<Long> OTLP_QUEUE_BYTES =
      Option.of(
          "otel_export.queue.max_bytes",
          Types.bytes(1 << 16, 1 << 25),
          "16MiB",
          "Encoded requests that wait for the endpoint, in memory, of each signal; over it the"
              + " oldest are dropped and counted. In bytes, since the Collector's queue_size of"
              + " requests bounds no memory. Up to 32MiB, which for both signals is half of"
              + " bin/sonde's heap; what is to wait for longer goes to queue.directory.");

  static final Option<Path> OTLP_QUEUE_DIRECTORY =
      Option.of(
          "otel_export.queue.directory",
          Types.optional(Types.FILE),
          "\"\"",
          "Keep them in this directory instead, which must belong to Sonde's user: what waits there"
              + " survives a restart, and a collector may stay away for long. What was under way"
              + " when Sonde was killed is sent again.",
          sonde("OTLP_QUEUE_DIRECTORY"));

  static final Option<Long> OTLP_QUEUE_DISK_BYTES =
      Option.of(
          "otel_export.queue.max_disk_bytes",
          Types.bytes(1 << 20, 1L << 50),
          "1GiB",
          "There, of each signal; over it the oldest are dropped and counted.");

  static final Option<Duration> METRICS_INTERVAL =
      Option.of(
          "otel_metrics_export.interval",
          Types.DURATION,
          "60s",
          "Between two exports of metrics.",
          beyla("METRICS_INTERVAL"),
          exactly("OTEL_METRIC_EXPORT_INTERVAL"));

  /** In the order of the reference file. */
  static final List<Option<?>> ALL =
      List.of(
          OTLP.endpoint,
          OTLP.protocol,
          OTLP.headers,
          OTLP.timeout,
          OTLP.compression,
          OTLP_USERNAME,
          OTLP_PASSWORD,
          OTLP_BEARER_TOKEN,
          OTLP_BEARER_TOKEN_FILE,
          OTLP_CA_FILE,
          OTLP_CERT_FILE,
          OTLP_KEY_FILE,
          OTLP_INSECURE,
          OTLP_SKIP_VERIFY,
          OTLP_SERVER_NAME,
          OTLP_BACKOFF_INITIAL,
          OTLP_BACKOFF_MAX,
          OTLP_BACKOFF_MAX_ELAPSED,
          OTLP_PARKED,
          OTLP_MAX_REQUEST_BYTES,
          OTLP_QUEUE_BYTES,
          OTLP_QUEUE_DIRECTORY,
          OTLP_QUEUE_DISK_BYTES,
          OTLP_TRACES.endpoint,
          OTLP_TRACES.protocol,
          OTLP_TRACES.headers,
          OTLP_TRACES.timeout,
          OTLP_TRACES.compression,
          TraceKeys.SAMPLER_NAME,
          TraceKeys.SAMPLER_ARG,
          OTLP_METRICS.endpoint,
          OTLP_METRICS.protocol,
          OTLP_METRICS.headers,
          OTLP_METRICS.timeout,
          OTLP_METRICS.compression,
          METRICS_INTERVAL);

  private OtlpKeys() {}

  /** Of OTLP payloads. */
  enum Compression {
    NONE,
    GZIP
  }

  /** The same five options for traces, for metrics and for both. */
  static final class Otlp {
    final Option<String> endpoint;
    final Option<Protocol> protocol;
    final Option<Map<String, String>> headers;
    final Option<Duration> timeout;
    final Option<Compression> compression;

    private Otlp(String section, String variables, String endpointDoc) {
      boolean both = section.equals("otel_export");
      endpoint =
          Option.of(
              section + ".endpoint",
              Types.OTLP_ENDPOINT,
              "\"\"",
              endpointDoc,
              exactly(variables + "_ENDPOINT"));
      protocol =
          Option.of(
              section + ".protocol",
              Types.optional(Types.choice(Protocol.class, name -> name.replace('_', '/'))),
              "\"\"",
              "grpc or http/protobuf; empty: "
                  + (both
                      ? "grpc when the port is 4317 or the endpoint a Unix socket, else"
                          + " http/protobuf."
                      : "as otel_export."),
              exactly(variables + "_PROTOCOL"));
      headers =
          Option.of(
                  section + ".headers",
                  Types.MAP,
                  "{}",
                  both
                      ? "Headers of every request, as { Authorization = \"Basic …\" }."
                      : "Headers in addition to those of otel_export, or instead of one of them.",
                  exactly(variables + "_HEADERS"))
              .asSecret();
      timeout =
          Option.of(
              section + ".timeout",
              both ? Types.DURATION : Types.optional(Types.DURATION),
              both ? "10s" : "\"\"",
              "Of one attempt to send a request" + (both ? "." : "; empty: as otel_export."),
              exactly(variables + "_TIMEOUT"));
      compression =
          Option.of(
              section + ".compression",
              both
                  ? Types.choice(Compression.class, name -> name)
                  : Types.optional(Types.choice(Compression.class, name -> name)),
              both ? "none" : "\"\"",
              "gzip or none" + (both ? "." : "; empty: as otel_export."),
              exactly(variables + "_COMPRESSION"));
    }
  }
}
