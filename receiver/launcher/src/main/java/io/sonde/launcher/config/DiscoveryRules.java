package io.sonde.launcher.config;

import io.sonde.launcher.config.SondeConfig.Rule;
import io.sonde.launcher.config.SondeConfig.Selection;
import io.sonde.pipeline.identity.SamplerSetting;
import io.sonde.pipeline.identity.ServiceOverrides;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** From the keys of {@code discovery} to rules, combined as Beyla combines them. */
final class DiscoveryRules {
  private final Values values;
  private final List<String> problems;
  private final List<String> warnings;

  private DiscoveryRules(Values values, List<String> problems, List<String> warnings) {
    this.values = values;
    this.problems = problems;
    this.warnings = warnings;
  }

  static Selection of(Values values, List<String> problems, List<String> warnings) {
    return new DiscoveryRules(values, problems, warnings).selection();
  }

  private Selection selection() {
    List<Entry> services = values.get(DiscoveryKeys.SERVICES);
    List<Entry> excludeServices = values.get(DiscoveryKeys.EXCLUDE_SERVICES);
    boolean legacy =
        !(services.isEmpty() && excludeServices.isEmpty())
            && values.get(DiscoveryKeys.INSTRUMENT).isEmpty()
            && values.get(DiscoveryKeys.EXCLUDE_INSTRUMENT).isEmpty();
    warnOf("services", services, "instrument", legacy);
    warnOf("exclude_services", excludeServices, "exclude_instrument", legacy);

    List<Rule> instrument =
        new ArrayList<>(rules(legacy ? services : values.get(DiscoveryKeys.INSTRUMENT), true));
    topLevel().ifPresent(instrument::add);
    List<Rule> exclude = new ArrayList<>();
    exclude.addAll(
        rules(legacy ? excludeServices : values.get(DiscoveryKeys.EXCLUDE_INSTRUMENT), false));
    exclude.addAll(
        rules(
            values.get(
                legacy
                    ? DiscoveryKeys.DEFAULT_EXCLUDE_SERVICES
                    : DiscoveryKeys.DEFAULT_EXCLUDE_INSTRUMENT),
            false));
    return new Selection(List.copyOf(instrument), List.copyOf(exclude));
  }

  /** As Beyla, which drops the old lists as soon as one of the new ones is there. */
  private void warnOf(String old, List<Entry> entries, String instead, boolean used) {
    if (!entries.isEmpty()) {
      warnings.add(
          used
              ? "discovery.%s is deprecated: use discovery.%s, where exe_path is a glob"
                  .formatted(old, instead)
              : "discovery.%s is ignored, for discovery.instrument or discovery.exclude_instrument is"
                      .formatted(old)
                  + " there: move its entries to discovery."
                  + instead);
    }
  }

  /** The keys beside the lists are one more entry. */
  private Optional<Rule> topLevel() {
    Map<String, String> criteria = new LinkedHashMap<>();
    List<String> keys = new ArrayList<>();
    add(criteria, keys, DiscoveryKeys.OPEN_PORT, "open_ports");
    add(criteria, keys, DiscoveryKeys.AUTO_TARGET_EXE, "exe_path");
    if (values.get(DiscoveryKeys.AUTO_TARGET_EXE).isEmpty()) {
      add(criteria, keys, DiscoveryKeys.EXECUTABLE_NAME, "exe_path_regexp");
    } else if (!values.get(DiscoveryKeys.EXECUTABLE_NAME).isEmpty()) {
      warnings.add("discovery.executable_name is ignored: discovery.auto_target_exe is set too");
    }
    add(criteria, keys, DiscoveryKeys.AUTO_TARGET_LANGUAGE, "languages");
    List<Integer> pids = values.get(DiscoveryKeys.TARGET_PIDS);
    if (!pids.isEmpty()) {
      criteria.put("target_pids", join(pids));
      keys.add(DiscoveryKeys.TARGET_PIDS.name());
    }
    return criteria.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Rule("discovery." + String.join("+", keys), criteria, ServiceOverrides.NONE));
  }

  private void add(
      Map<String, String> criteria, List<String> keys, Option<String> option, String criterion) {
    String value = values.get(option);
    if (!value.isEmpty()) {
      criteria.put(criterion, value);
      keys.add(option.name());
    }
  }

  private List<Rule> rules(List<Entry> entries, boolean withOverrides) {
    return entries.stream()
        .map(
            entry ->
                new Rule(
                    entry.key(),
                    criteria(entry),
                    withOverrides ? overrides(entry.values()) : ServiceOverrides.NONE))
        .toList();
  }

  private Map<String, String> criteria(Entry entry) {
    Values own = entry.values();
    Map<String, String> criteria = new LinkedHashMap<>();
    add(criteria, own, EntryKeys.OPEN_PORTS, "open_ports");
    add(criteria, own, EntryKeys.EXE_PATH, "exe_path");
    add(criteria, own, EntryKeys.EXE_PATH_REGEX, "exe_path_regexp");
    add(criteria, own, EntryKeys.EXE_PATH_REGEXP, "exe_path_regexp");
    add(criteria, own, EntryKeys.CMD_ARGS, "cmd_args");
    add(criteria, own, EntryKeys.LANGUAGES, "languages");
    if (!own.get(EntryKeys.TARGET_PIDS).isEmpty()) {
      criteria.put("target_pids", join(own.get(EntryKeys.TARGET_PIDS)));
    }
    if (own.get(EntryKeys.CONTAINERS_ONLY)) {
      criteria.put("containers_only", "true");
    }
    if (criteria.isEmpty()) {
      problems.add(
          entry.origin()
              + ": "
              + entry.key()
              + " has no criterion, so it would match every process: add open_ports, exe_path,"
              + " cmd_args, languages, target_pids or containers_only = true");
    }
    return criteria;
  }

  /** A list without the option has no value for it. */
  private static void add(
      Map<String, String> criteria, Values own, Option<String> option, String criterion) {
    String value = own.get(option);
    if (value != null && !value.isEmpty()) {
      criteria.put(criterion, value);
    }
  }

  private static ServiceOverrides overrides(Values own) {
    return new ServiceOverrides(
        Optional.of(own.get(EntryKeys.NAME)).filter(name -> !name.isEmpty()),
        Optional.of(own.get(EntryKeys.NAMESPACE)).filter(namespace -> !namespace.isEmpty()),
        Optional.ofNullable(own.get(EntryKeys.EXPORTS)),
        Optional.ofNullable(own.get(EntryKeys.SAMPLER_NAME))
            .map(name -> new SamplerSetting(name, ratio(own.get(EntryKeys.SAMPLER_ARG)))),
        RouteEntryKeys.overrides(own),
        Optional.ofNullable(own.get(EntryKeys.TLS)));
  }

  /** Without an argument the ratio is 1 (OpenTelemetry SDK environment variables). */
  private static double ratio(Double argument) {
    return argument == null ? 1 : argument;
  }

  private static String join(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
