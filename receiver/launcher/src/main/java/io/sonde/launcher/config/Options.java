package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.beyla;
import static io.sonde.launcher.config.EnvironmentVariable.beylaAndPlain;
import static io.sonde.launcher.config.EnvironmentVariable.exactly;
import static io.sonde.launcher.config.EnvironmentVariable.sonde;

import io.sonde.contract.log.LogFormat;
import io.sonde.pipeline.PipelineConfig.OtlpProtocol;
import io.sonde.pipeline.PipelineConfig.SelfMetricsOutput;
import io.sonde.pipeline.PipelineConfig.TracePrinter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every key of sonde.conf. Names are Beyla's where Beyla has the thing. */
final class Options {
  /** What the capture process accepts: a turn is never captured to more than this. */
  private static final int MAX_CAPTURE = 8192;

  static final Option<String> OPEN_PORT =
      Option.of(
          "discovery.open_port",
          Types.PORTS,
          "\"\"",
          "Observe the processes that listen on any of these ports: \"80,443,8000-8999\".",
          beylaAndPlain("OPEN_PORT"));

  static final Option<String> AUTO_TARGET_EXE =
      Option.of(
          "discovery.auto_target_exe",
          Types.TEXT,
          "\"\"",
          "Observe the processes whose executable's full path matches this glob:"
              + " \"*/nginx\", \"/srv/{shop,stock}/*\".",
          beyla("AUTO_TARGET_EXE"),
          exactly("OTEL_GO_AUTO_TARGET_EXE"));

  static final Option<String> EXECUTABLE_NAME =
      Option.of(
          "discovery.executable_name",
          Types.REGEX,
          "\"\"",
          "Deprecated, use auto_target_exe: a regular expression to be found in the executable's"
              + " path.",
          beylaAndPlain("EXECUTABLE_NAME").deprecated(),
          exactly("OTEL_EBPF_EXECUTABLE_PATH").deprecated());

  static final Option<List<Integer>> TARGET_PIDS =
      Option.of(
          "discovery.target_pids",
          Types.NUMBERS,
          "[]",
          "Observe the processes with these ids.",
          beyla("TARGET_PID"));

  static final Option<Integer> REQUEST_BYTES =
      Option.of(
          "capture.request_bytes",
          Types.number(64, MAX_CAPTURE),
          "4096",
          "Bytes captured of each request: enough for its head, the body is only counted.");

  static final Option<Integer> RESPONSE_BYTES =
      Option.of(
          "capture.response_bytes",
          Types.number(64, MAX_CAPTURE),
          "1024",
          "Bytes captured of each response.");

  static final Option<Integer> RING_BYTES =
      Option.of(
          "capture.ring_bytes",
          Types.powerOfTwo(1 << 16, 1 << 28),
          "4194304",
          "Size of the ring buffer between kernel and capture process; counts twice in its"
              + " resident memory.");

  static final Option<Integer> MAX_CONNECTIONS =
      Option.of(
          "capture.max_connections",
          Types.number(1, 10_000_000),
          "65536",
          "Connections observed at a time; those beyond are counted, not observed.");

  static final Option<Path> SOCKET =
      Option.of(
          "receiver.socket",
          Types.FILE,
          "\"/run/sonde/capture.sock\"",
          "The Unix socket on which the receiver listens and to which the capture process"
              + " connects.",
          sonde("SOCKET"));

  static final Option<List<Integer>> ALLOWED_UIDS =
      Option.of(
          "receiver.allowed_uids",
          Types.NUMBERS,
          "[]",
          "Users whose processes may feed the receiver, beside root and the receiver's own user.");

  static final Option<TracePrinter> TRACE_PRINTER =
      Option.of(
          "trace_printer",
          Types.choice(TracePrinter.class, name -> name),
          "disabled",
          "Print a line for every request on standard output: text, json, json_indent, counter or"
              + " disabled.",
          beyla("TRACE_PRINTER"));

  static final Option<Integer> PROMETHEUS_PORT =
      Option.of(
          "prometheus_export.port",
          Types.number(0, 65535),
          "0",
          "Serve metrics to Prometheus on this port; 0 for none.",
          beyla("PROMETHEUS_PORT"));

  static final Option<String> PROMETHEUS_PATH =
      Option.of(
          "prometheus_export.path",
          Types.HTTP_PATH,
          "\"/metrics\"",
          "Where on that port.",
          beyla("PROMETHEUS_PATH"));

  static final Option<String> PROMETHEUS_HOST =
      Option.of(
          "prometheus_export.host",
          Types.TEXT,
          "\"0.0.0.0\"",
          "Address to listen on; \"127.0.0.1\" for this host alone.");

  static final Otlp OTLP =
      new Otlp(
          "otel_export",
          "OTEL_EXPORTER_OTLP",
          "OTLP endpoint for traces and metrics alike. Over HTTP, /v1/traces and /v1/metrics are"
              + " appended to its path.");
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

  static final Option<Duration> METRICS_INTERVAL =
      Option.of(
          "otel_metrics_export.interval",
          Types.DURATION,
          "60s",
          "Between two exports of metrics.",
          beyla("METRICS_INTERVAL"),
          exactly("OTEL_METRIC_EXPORT_INTERVAL"));

  static final Option<String> SERVICE_NAME =
      Option.of(
          "service_name",
          Types.TEXT,
          "\"\"",
          "Name of all observed services; empty: each is named by its own OTEL_SERVICE_NAME or"
              + " after its executable.",
          exactly("OTEL_SERVICE_NAME"),
          beylaAndPlain("SERVICE_NAME").deprecated());

  static final Option<Map<String, String>> RESOURCE_ATTRIBUTES =
      Option.of(
          "resource_attributes",
          Types.MAP,
          "{}",
          "Attributes added to the resource of every observed service.",
          exactly("OTEL_RESOURCE_ATTRIBUTES"));

  static final Option<Duration> QUEUE_THRESHOLD =
      Option.of(
          "queue_threshold",
          Types.DURATION,
          "1ms",
          "A request that waited this long between its arrival and the program's first read gets"
              + " the child spans \"in queue\" and \"processing\".");

  static final Option<Set<SelfMetricsOutput>> SELF_METRICS =
      Option.of(
          "internal_metrics.exporter",
          Types.choices(SelfMetricsOutput.class, "disabled"),
          "prometheus",
          "Where Sonde tells its own metrics: prometheus, on the page of prometheus_export where"
              + " there is one; otel, with the metrics that go over OTLP; \"prometheus,otel\" for"
              + " both; disabled.",
          beyla("INTERNAL_METRICS_EXPORTER"));

  static final Option<Integer> HEALTH_PORT =
      Option.of(
          "health_check.port",
          Types.number(0, 65535),
          "0",
          "Answer health checks on this port, as a Collector's health_check extension does; 0 for"
              + " none. A Collector on this host has 13133. /ready says whether a capture is"
              + " connected and no endpoint refuses what is sent, /status what is wrong.",
          beyla("HEALTH_CHECK_PORT"));

  static final Option<String> HEALTH_HOST =
      Option.of(
          "health_check.listen_address",
          Types.TEXT,
          "\"127.0.0.1\"",
          "Address to listen on; \"0.0.0.0\" where a kubelet or a load balancer asks.",
          beyla("HEALTH_CHECK_LISTEN_ADDRESS"));

  static final Option<String> HEALTH_PATH =
      Option.of(
          "health_check.path",
          Types.HTTP_PATH,
          "\"/\"",
          "Where on that port it is said whether Sonde runs.",
          sonde("HEALTH_CHECK_PATH"));

  static final Option<LogLevel> LOG_LEVEL =
      Option.of(
          "log_level",
          Types.choice(LogLevel.class, name -> name),
          "info",
          "Least severe log messages on standard error: debug, info, warn or error.",
          beylaAndPlain("LOG_LEVEL"));

  static final Option<LogFormat> LOG_FORMAT =
      Option.of(
          "log_format",
          Types.choice(LogFormat.class, name -> name),
          "text",
          "text: logfmt, as Alloy writes it; json: one object a line, with the keys of a"
              + " Collector's.",
          beyla("LOG_FORMAT"));

  /** In the order of the reference file. */
  static final List<Option<?>> ALL =
      List.of(
          OPEN_PORT,
          AUTO_TARGET_EXE,
          EXECUTABLE_NAME,
          TARGET_PIDS,
          TRACE_PRINTER,
          PROMETHEUS_PORT,
          PROMETHEUS_PATH,
          PROMETHEUS_HOST,
          OTLP.endpoint,
          OTLP.protocol,
          OTLP.headers,
          OTLP.timeout,
          OTLP.compression,
          OTLP_TRACES.endpoint,
          OTLP_TRACES.protocol,
          OTLP_TRACES.headers,
          OTLP_TRACES.timeout,
          OTLP_TRACES.compression,
          OTLP_METRICS.endpoint,
          OTLP_METRICS.protocol,
          OTLP_METRICS.headers,
          OTLP_METRICS.timeout,
          OTLP_METRICS.compression,
          METRICS_INTERVAL,
          SERVICE_NAME,
          RESOURCE_ATTRIBUTES,
          QUEUE_THRESHOLD,
          SELF_METRICS,
          HEALTH_PORT,
          HEALTH_HOST,
          HEALTH_PATH,
          LOG_LEVEL,
          LOG_FORMAT,
          REQUEST_BYTES,
          RESPONSE_BYTES,
          RING_BYTES,
          MAX_CONNECTIONS,
          SOCKET,
          ALLOWED_UIDS);

  private Options() {}

  /** Of OTLP payloads. */
  enum Compression {
    NONE,
    GZIP
  }

  /** The same five options for traces, for metrics and for both. */
  static final class Otlp {
    final Option<String> endpoint;
    final Option<OtlpProtocol> protocol;
    final Option<Map<String, String>> headers;
    final Option<Duration> timeout;
    final Option<Compression> compression;

    private Otlp(String section, String variables, String endpointDoc) {
      boolean both = section.equals("otel_export");
      endpoint =
          Option.of(
              section + ".endpoint",
              Types.URL,
              "\"\"",
              endpointDoc,
              exactly(variables + "_ENDPOINT"));
      protocol =
          Option.of(
              section + ".protocol",
              Types.optional(Types.choice(OtlpProtocol.class, name -> name.replace('_', '/'))),
              "\"\"",
              "grpc or http/protobuf; empty: "
                  + (both ? "grpc when the port is 4317, else http/protobuf." : "as otel_export."),
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
              "Of one request" + (both ? "." : "; empty: as otel_export."),
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
