package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.beyla;
import static io.sonde.launcher.config.EnvironmentVariable.beylaAndPlain;
import static io.sonde.launcher.config.EnvironmentVariable.exactly;

import java.util.List;

/** Which processes are observed. */
final class DiscoveryKeys {
  static final Option<String> OPEN_PORT =
      Option.of(
          "discovery.open_port",
          NumberTypes.PORTS,
          "\"\"",
          "Observe the processes that listen on any of these ports: \"80,443,8000-8999\". Of this and"
              + " the next four keys, those that are set must all be met: together they are one more"
              + " entry of instrument.",
          beylaAndPlain("OPEN_PORT"));

  static final Option<String> AUTO_TARGET_EXE =
      Option.of(
          "discovery.auto_target_exe",
          TextTypes.GLOB,
          "\"\"",
          "Observe the processes whose executable's full path matches this glob:"
              + " \"*/nginx\", \"/srv/{shop,stock}/*\".",
          beyla("AUTO_TARGET_EXE"),
          exactly("OTEL_GO_AUTO_TARGET_EXE"));

  static final Option<String> EXECUTABLE_NAME =
      Option.of(
          "discovery.executable_name",
          TextTypes.REGEX,
          "\"\"",
          "Deprecated, use auto_target_exe: a regular expression to be found in the executable's"
              + " path.",
          beylaAndPlain("EXECUTABLE_NAME").deprecated(),
          exactly("OTEL_EBPF_EXECUTABLE_PATH").deprecated());

  static final Option<String> AUTO_TARGET_LANGUAGE =
      Option.of(
          "discovery.auto_target_language",
          TextTypes.LANGUAGES,
          "\"\"",
          "Observe the processes written in any of these languages: \"go,java\".",
          beyla("AUTO_TARGET_LANGUAGE"));

  static final Option<List<Integer>> TARGET_PIDS =
      Option.of(
          "discovery.target_pids",
          NumberTypes.NUMBERS,
          "[]",
          "Observe the processes with these ids.",
          beyla("TARGET_PID"));

  static final Option<List<Entry>> INSTRUMENT =
      Option.listOf(
          "discovery.instrument",
          EntryKeys.INSTRUMENT,
          EntryKeys.REFUSALS,
          "[]",
          """
          instrument = [ # for example
            { open_ports = "80,8000-8999", exe_path = "*/nginx", name = edge, exports = [metrics] }
            { languages = [java, nodejs], containers_only = true, sampler { name = traceidratio, arg = 0.1 } }
          ]
          """,
          "Observe the processes that match any of these entries. An entry matches when all the"
              + " criteria that it has are met; where several match, each of their other keys counts"
              + " as the last of them has it. Criteria, and other keys:");

  static final Option<List<Entry>> EXCLUDE_INSTRUMENT =
      Option.listOf(
          "discovery.exclude_instrument",
          EntryKeys.CRITERIA,
          EntryKeys.REFUSALS,
          "[]",
          "",
          "Never observe the processes that match any of these entries, whatever selects them.");

  static final Option<List<Entry>> DEFAULT_EXCLUDE_INSTRUMENT =
      Option.listOf(
          "discovery.default_exclude_instrument",
          EntryKeys.CRITERIA,
          EntryKeys.REFUSALS,
          "[{ exe_path = \"{*beyla,*alloy,*prometheus-config-reloader,*ebpf-instrument,*obi,*otelcol,"
              + "*otelcol-contrib,*otelcol-contrib[!/]*}\" }, { cmd_args = \"* io.sonde.*\" }]",
          "",
          "The same for what would observe the observers: agents and collectors, and Sonde itself."
              + " [] lets them be observed.");

  static final Option<List<Entry>> SERVICES =
      Option.listOf(
          "discovery.services",
          EntryKeys.LEGACY_SERVICES,
          EntryKeys.REFUSALS,
          "[]",
          "",
          "Deprecated, use instrument, before which it does not count: the same, but exe_path is a"
              + " regular expression to be found in the path.");

  static final Option<List<Entry>> EXCLUDE_SERVICES =
      Option.listOf(
          "discovery.exclude_services",
          EntryKeys.LEGACY_CRITERIA,
          EntryKeys.REFUSALS,
          "[]",
          "",
          "Deprecated, use exclude_instrument: goes with services.");

  static final Option<List<Entry>> DEFAULT_EXCLUDE_SERVICES =
      Option.listOf(
          "discovery.default_exclude_services",
          EntryKeys.LEGACY_CRITERIA,
          EntryKeys.REFUSALS,
          "[{ exe_path = \"(?:^|/)(beyla$|alloy$|obi$|otelcol[^/]*$)\" }, { cmd_args = \"* io.sonde.*\" }]",
          "",
          "Deprecated, use default_exclude_instrument: goes with services.");

  static final Option<Boolean> EXCLUDE_OTEL_INSTRUMENTED_SERVICES =
      Option.of(
          "discovery.exclude_otel_instrumented_services",
          ChoiceTypes.BOOLEAN,
          "true",
          "Once a service is seen to export traces or metrics over OTLP itself, leave that signal to"
              + " it, for as long as it runs. Its exports are told of in neither.",
          beyla("EXCLUDE_OTEL_INSTRUMENTED_SERVICES"));

  static final Option<Integer> DEFAULT_OTLP_GRPC_PORT =
      Option.of(
          "discovery.default_otlp_grpc_port",
          NumberTypes.number(1, 65535),
          "4317",
          "A service whose calls over gRPC to this port cannot be read, since their connection is"
              + " older than Sonde, exports there, unless its own OTEL_EXPORTER_* variables say"
              + " otherwise.",
          beyla("DEFAULT_OTLP_GRPC_PORT"));

  /** In the order of the reference file. */
  static final Option<Boolean> SKIP_GO_SPECIFIC_TRACERS =
      Option.of(
          "discovery.skip_go_specific_tracers",
          ChoiceTypes.BOOLEAN,
          "false",
          "Leave the functions of Go programs alone that tell which goroutine makes a request, which"
              + " one serves it, and by which route. true: a call that a Go program makes for a"
              + " request has no parent, and routes are learned from paths. Go's TLS is read in any"
              + " case, see ebpf.tls.",
          beyla("SKIP_GO_SPECIFIC_TRACERS"));

  static final Option<List<String>> DISABLED_ROUTE_HARVESTERS =
      Option.of(
          "discovery.disabled_route_harvesters",
          ChoiceTypes.words(List.of("go", "java", "nodejs", "python", "php")),
          "[]",
          "Languages whose frameworks are not asked by which route they serve a request. Sonde asks"
              + " Go's: net/http, gorilla/mux, gin; of the others routes are learned from paths in any"
              + " case.");

  static final List<Option<?>> ALL =
      List.of(
          OPEN_PORT,
          AUTO_TARGET_EXE,
          EXECUTABLE_NAME,
          AUTO_TARGET_LANGUAGE,
          TARGET_PIDS,
          INSTRUMENT,
          EXCLUDE_INSTRUMENT,
          DEFAULT_EXCLUDE_INSTRUMENT,
          SERVICES,
          EXCLUDE_SERVICES,
          DEFAULT_EXCLUDE_SERVICES,
          EXCLUDE_OTEL_INSTRUMENTED_SERVICES,
          DEFAULT_OTLP_GRPC_PORT,
          SKIP_GO_SPECIFIC_TRACERS,
          DISABLED_ROUTE_HARVESTERS);

  private DiscoveryKeys() {}
}
