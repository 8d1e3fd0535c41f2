package io.sonde.launcher.config;

import io.sonde.pipeline.identity.SamplerSetting;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The keys of an entry in a list of {@code discovery}. */
final class EntryKeys {
  static final Option<String> OPEN_PORTS =
      Option.of(
          "open_ports", NumberTypes.PORTS, "\"\"", "listens on any of these: \"80,8000-8999\"");

  static final Option<String> EXE_PATH =
      Option.of(
          "exe_path",
          TextTypes.GLOB,
          "\"\"",
          "the executable's full path matches this glob: \"*/nginx\"");

  /** In the legacy lists exe_path is a regular expression, and may be called so. */
  static final Option<String> EXE_PATH_REGEX =
      Option.of("exe_path", TextTypes.REGEX, "\"\"", "to be found in the executable's path");

  static final Option<String> EXE_PATH_REGEXP =
      Option.of("exe_path_regexp", TextTypes.REGEX, "\"\"", "the same as exe_path");

  static final Option<String> CMD_ARGS =
      Option.of(
          "cmd_args",
          TextTypes.GLOB,
          "\"\"",
          "the command line, its words joined by spaces, matches this glob: \"*-jar shop.jar*\"");

  static final Option<String> LANGUAGES =
      Option.of(
          "languages",
          TextTypes.LANGUAGES,
          "\"\"",
          "it is written in any of these: [go, java], also by glob; generic where that cannot be"
              + " told");

  static final Option<List<Integer>> TARGET_PIDS =
      Option.of("target_pids", NumberTypes.NUMBERS, "[]", "it has one of these process ids");

  static final Option<Boolean> CONTAINERS_ONLY =
      Option.of(
          "containers_only",
          ChoiceTypes.BOOLEAN,
          "false",
          "its cgroup is that of a container: true");

  static final Option<String> NAME =
      Option.of("name", TextTypes.TEXT, "\"\"", "service.name of what this entry selects");

  static final Option<String> NAMESPACE =
      Option.of(
          "namespace", TextTypes.TEXT, "\"\"", "service.namespace of what this entry selects");

  static final Option<Set<Export>> EXPORTS =
      Option.of(
          "exports",
          Type.optional(ChoiceTypes.listOf(Export.class)),
          "\"\"",
          "what is told of it: [metrics], [traces], both, or [] for nothing");

  static final Option<SamplerSetting.Name> SAMPLER_NAME =
      Option.of(
          "sampler.name",
          Type.optional(TraceKeys.SAMPLER_NAME.type()),
          "\"\"",
          "as otel_traces_export.sampler.name");

  static final Option<Double> SAMPLER_ARG =
      Option.of(
          "sampler.arg", TraceKeys.SAMPLER_ARG.type(), "\"\"", "as otel_traces_export.sampler.arg");

  static final Option<Boolean> TLS =
      Option.of(
          "tls",
          Type.optional(ChoiceTypes.BOOLEAN),
          "\"\"",
          "false: what it says within TLS is not read, and its TLS library not hooked for it");

  private static final List<Option<?>> LOCAL_CRITERIA =
      List.of(CMD_ARGS, LANGUAGES, TARGET_PIDS, CONTAINERS_ONLY);

  private static final List<Option<?>> OVERRIDES =
      join(List.of(NAME, NAMESPACE, EXPORTS, SAMPLER_NAME, SAMPLER_ARG, TLS), RouteEntryKeys.ALL);

  /** Which processes. */
  static final List<Option<?>> CRITERIA = join(List.of(OPEN_PORTS, EXE_PATH), LOCAL_CRITERIA);

  /** Which processes, and what is to be otherwise for them. */
  static final List<Option<?>> INSTRUMENT = join(CRITERIA, OVERRIDES);

  static final List<Option<?>> LEGACY_CRITERIA =
      join(List.of(OPEN_PORTS, EXE_PATH_REGEX, EXE_PATH_REGEXP), LOCAL_CRITERIA);

  static final List<Option<?>> LEGACY_SERVICES = join(LEGACY_CRITERIA, OVERRIDES);

  static final Refusals REFUSALS =
      Refusals.of(
              List.of(
                  "k8s_namespace",
                  "k8s_pod_name",
                  "k8s_deployment_name",
                  "k8s_replicaset_name",
                  "k8s_statefulset_name",
                  "k8s_daemonset_name",
                  "k8s_job_name",
                  "k8s_cronjob_name",
                  "k8s_owner_name",
                  "k8s_container_name",
                  "k8s_pod_labels",
                  "k8s_pod_annotations",
                  "kubernetes"),
              "Sonde does not know Kubernetes yet, and selecting without this criterion would select"
                  + " too much: select by open_ports, exe_path, cmd_args, languages or"
                  + " containers_only")
          .and(
              Refusals.of(
                  List.of("container_name"),
                  "Sonde does not ask container runtimes for names: select by open_ports, exe_path,"
                      + " cmd_args, languages or containers_only"));

  private EntryKeys() {}

  private static List<Option<?>> join(List<Option<?>> first, List<Option<?>> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
