package io.sonde.launcher.beyla;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Sonde says to the keys of Beyla's that it does not have under the same name. What is said to
 * a key is said to all below it, unless those have an answer of their own.
 */
public final class Answers {
  private static final String KUBERNETES = "Kubernetes metadata come later";
  private static final String FLOWS = "metrics of network flows come later";
  private static final String TCP_STATS = "statistics of TCP come later";
  private static final String PROTOCOLS =
      "this protocol comes later: Sonde understands HTTP/1 today";
  private static final String BODIES = "what is in bodies comes later: Sonde reads heads";
  private static final String KPROBES =
      "Sonde reads sockets at tracepoints, the same for all languages, and TLS at its libraries (ebpf.tls): no code is put into the program";
  private static final String BOUNDED =
      "there is no such buffer between stages: what waits is bounded in bytes and counted";

  private static final Map<String, Answer> ALL = new LinkedHashMap<>();

  static {
    instead("open_port", "discovery.open_port", "");
    instead("target_pids", "discovery.target_pids", "");
    instead("AutoTargetExe", "discovery.auto_target_exe", "");
    instead("AutoTargetLanguage", "discovery.auto_target_language", "");
    instead("executable_name", "discovery.executable_name", "");
    instead("attributes.instance_id.override_hostname", "capture.hostname", "");
    instead(
        "otel_metrics_export.insecure_skip_verify",
        "otel_export.tls.insecure_skip_verify",
        "for traces and metrics alike");
    instead(
        "otel_traces_export.insecure_skip_verify",
        "otel_export.tls.insecure_skip_verify",
        "for traces and metrics alike");
    for (String backoff :
        List.of("backoff_initial_interval", "backoff_max_interval", "backoff_max_elapsed_time")) {
      instead(
          "otel_traces_export." + backoff,
          "otel_export." + backoff,
          "for traces and metrics alike");
    }
    instead("otel_metrics_export.OTELIntervalMS", "otel_metrics_export.interval", "");

    not("attributes.kubernetes", KUBERNETES);
    not("attributes.extra_group_attributes", KUBERNETES);
    not(
        "attributes.select",
        "choosing attributes one by one comes later: each metric has those of the semantic conventions");
    not(
        "attributes.host_id",
        "host.id is /etc/machine-id as capture reads it: change it there, or set host.id in OTEL_RESOURCE_ATTRIBUTES");
    not(
        "attributes.instance_id.dns",
        "no name is looked up: the host's name is the one it has, or capture.hostname");
    not("attributes.metadata_retry", "Sonde asks no cloud for metadata");
    not("attributes.metric_span_names_limit", "names of spans are bounded as series are");
    for (String peers : List.of("", "_incoming", "_outgoing")) {
      not(
          "attributes.rename_unresolved_hosts" + peers,
          "metrics do not have the peers' addresses, so there is nothing to rename");
    }
    for (String key :
        List.of("channel_buffer_len", "channel_send_timeout", "channel_send_timeout_panic")) {
      not(key, BOUNDED);
    }

    not(
        "discovery.bpf_pid_filter_off",
        "the kernel side always filters: there is no other filter to fall back on");
    not(
        "discovery.min_process_age",
        "a process is selected when it starts to listen or is executed, however young");
    not(
        "discovery.poll_interval",
        "nothing is polled: the kernel tells of new processes and sockets");
    not(
        "discovery.process_context_poll_interval",
        "nothing is polled: the kernel tells of new processes and sockets");
    for (String harvest : List.of("route_harvester_advanced", "route_harvester_timeout")) {
      not(
          "discovery." + harvest,
          "routes are told by Go's frameworks as they serve, or learned from requests: no program is"
              + " searched for them");
    }
    not("discovery.excluded_linux_system_paths", "no path is excluded: write an exclude rule");
    not("discovery.survey", "sonde explain says of a process what would be observed");

    not("ebpf.batch_length", "batches are made by time and bytes: nothing to set");
    not("ebpf.batch_timeout", "batches are made by time and bytes: nothing to set");
    not(
        "ebpf.wakeup_len",
        "capture is not woken by events but looks every few milliseconds, which costs the observed programs nothing");
    not("ebpf.stats_wakeup_data_bytes", TCP_STATS);
    not(
        "ebpf.bpf_debug",
        "the BPF programs print nothing: their counters are in sonde_capture_total");
    not(
        "ebpf.protocol_debug_print",
        "captured bytes are never printed: sonde record keeps them in a file");
    not("ebpf.bpf_fs_path", "nothing is pinned: what is attached ends with the capture process");
    not(
        "ebpf.buffer_sizes",
        "capture.request_bytes and capture.response_bytes are for every protocol");
    not(
        "ebpf.context_propagation",
        "Sonde writes into no packet and no program: traceparent is read, not added");
    not("ebpf.disable_black_box_cp", "services are linked by the traceparent that they send");
    not("ebpf.track_request_headers", "the traceparent of a request is always read");
    not("ebpf.traffic_control_backend", "nothing is attached to network interfaces");
    not("ebpf.force_bpf_map_reader", "there is one reader, of the ring buffer");
    not("ebpf.override_bpfloop_enabled", "the kernels Sonde runs on (6.3 and newer) have bpf_loop");
    not("ebpf.maps_config", "capture.max_connections is the size of all that grows");
    not(
        "ebpf.high_request_volume",
        "an exchange is told when it has ended: sizes and durations are whole");
    not(
        "ebpf.max_transaction_time",
        "a client call is a child of the request that its thread serves, which has no age limit");
    not("ebpf.go_http_client_buffer_timeout", KPROBES);
    not("ebpf.instrument_cuda", "Sonde observes no GPU");
    not("ebpf.log_enricher", "Sonde changes no program's output: it only observes");
    not("ebpf.payload_extraction", BODIES);
    for (String cache :
        List.of(
            "couchbase_db_cache_size",
            "dns_request_timeout",
            "heuristic_sql_detect",
            "kafka_topic_uuid_cache_size",
            "mongo_requests_cache_size",
            "mssql_prepared_statements_cache_size",
            "mysql_prepared_statements_cache_size",
            "postgres_prepared_statements_cache_size",
            "redis_db_cache")) {
      not("ebpf." + cache, PROTOCOLS);
    }

    not(
        "enforce_sys_caps",
        "missing capabilities always end sonde run: sonde doctor lists them with their cost");
    not("filter", "filters by attribute come later");
    not(
        "grafana.otlp",
        "set otel_export.endpoint to https://otlp-gateway-<zone>.grafana.net/otlp and otel_export.auth.basic to the instance's id and the key");
    not("health_check.unix_socket_path", "health is told on a port: set health_check.port");
    not("injector", KUBERNETES);
    not(
        "internal_metrics.avoided_services",
        "services that are not reported are counted, not listed");
    not("internal_metrics.bpf_metric_scrape_interval", "capture tells its counters every second");
    not("internal_metrics.prometheus", "Sonde's own metrics are on the page of prometheus_export");
    not(
        "javaagent",
        "Sonde puts no code into a JVM: it is observed at its sockets, and what Java encrypts itself cannot be read");
    not("nodejs", KPROBES);
    not("jvm_runtime_metrics", "metrics of runtimes come later");
    not("log_config", "sonde reference prints the configuration with every default");
    not("name_resolver", "no name is looked up");
    not("network", FLOWS);
    not("stats", TCP_STATS);
    not("otel_metrics_export.allow_service_graph_self_references", "service graphs come later");
    not("prometheus_export.allow_service_graph_self_references", "service graphs come later");
    for (String genAi :
        List.of(
            "gen_ai_client_operation_duration_histogram", "gen_ai_client_token_usage_histogram")) {
      not("otel_metrics_export.buckets." + genAi, PROTOCOLS);
      not("prometheus_export.buckets." + genAi, PROTOCOLS);
    }
    for (String export : List.of("otel_metrics_export", "otel_traces_export")) {
      not(export + ".otel_sdk_log_level", "log_level is for all of Sonde");
      not(
          export + ".reporters_cache_len",
          "every service keeps its exporter: there is no cache to size");
    }
    not(
        "prometheus_export.service_cache_size",
        "every service keeps its series: there is no cache to size");
    not("processes", "metrics of processes come later");
    not("profile_port", "there is no pprof: use the JDK's own jcmd and Flight Recorder");
    not("shutdown_timeout", "what is there is flushed within 20 s, always");
    not("sigil_export", PROTOCOLS);
    not("topology", "topology spans come later");

    not("service_namespace", "write service.namespace=… into OTEL_RESOURCE_ATTRIBUTES");
    not(
        "prometheus_export.native_histogram.min_reset_duration",
        "a native histogram becomes coarser when it has too many buckets, and is never reset");
    not(
        "otel_metrics_export.extra_span_resource_attributes",
        "attributes of a service are in its resource");
    not(
        "prometheus_export.extra_span_resource_attributes",
        "attributes of a service are in its traces_target_info");
    not(
        "prometheus_export.extra_resource_attributes",
        "all attributes of a service are in its target_info");
    not("prometheus_export.disable_build_info", "the page always says which Sonde it is of");
    not(
        "discovery.instrument[].metrics.features",
        "groups of metrics are chosen for all services alike");
    not("discovery.exclude_otel_instrumented_services_span_metrics", "metrics of spans come later");
  }

  private Answers() {}

  private static void instead(String key, String ours, String remark) {
    add(key, new Answer(ours, remark));
  }

  private static void not(String key, String remark) {
    add(key, new Answer(null, remark));
  }

  private static void add(String key, Answer answer) {
    if (ALL.put(key, answer) != null) {
      throw new IllegalStateException("two answers to " + key);
    }
  }

  /** Every key that is answered, each standing for all below it. */
  public static List<String> keys() {
    return new ArrayList<>(ALL.keySet());
  }

  /**
   * The answer to a key of Beyla's, that of the longest key above it; empty: nothing is said here,
   * so it is honoured if we have a key of that name.
   */
  public static Optional<Answer> to(String key) {
    for (String at = key; !at.isEmpty(); at = parent(at)) {
      if (ALL.containsKey(at)) {
        return Optional.of(ALL.get(at));
      }
    }
    return Optional.empty();
  }

  private static String parent(String key) {
    if (key.endsWith("[]")) {
      return key.substring(0, key.length() - 2);
    }
    int dot = key.lastIndexOf('.');
    return dot < 0 ? "" : key.substring(0, dot);
  }
}
