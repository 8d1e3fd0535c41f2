package io.sonde.launcher.config;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.sonde.launcher.beyla.Nearest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The environment variables that set options. An empty variable counts as not set. */
final class Environment {
  private static final Pattern OURS = Pattern.compile("(SONDE|BEYLA|OTEL_EBPF)_.*");

  /** Where Beyla has a few, among many that are others'. */
  private static final Pattern PERHAPS_BEYLAS = Pattern.compile("(OTEL|OBI|GRAFANA_CLOUD)_.*");

  /** Read by bin/sonde. */
  private static final Set<String> OF_THE_SCRIPT =
      Set.of("SONDE_HOME", "SONDE_USER", "SONDE_RUNTIME_DIR", "SONDE_JAVA_OPTS");

  static final EnvironmentVariable CONFIG_PATH = EnvironmentVariable.beylaAndPlain("CONFIG_PATH");

  /** Beyla's switch before trace_printer came. */
  static final EnvironmentVariable PRINT_TRACES =
      EnvironmentVariable.beylaAndPlain("PRINT_TRACES").deprecated();

  private static final String STATE_DIRECTORY = "STATE_DIRECTORY";

  private final Map<String, String> variables;
  private final List<String> warnings;

  Environment(Map<String, String> variables, List<String> warnings) {
    this.variables = variables;
    this.warnings = warnings;
  }

  /** The value for this option, its origin naming the variable. */
  Optional<ConfigValue> valueOf(Option<?> option) {
    for (EnvironmentVariable variable : option.variables()) {
      Optional<String> name = nameInUse(variable);
      if (name.isPresent()) {
        return name.map(this::value);
      }
    }
    if (option == OutputKeys.TRACE_PRINTER) {
      return nameInUse(PRINT_TRACES)
          .filter(name -> Boolean.parseBoolean(variables.get(name)))
          .map(name -> ConfigValueFactory.fromAnyRef("text", origin(name)));
    }
    return Optional.empty();
  }

  /** The first one that systemd made for the unit (StateDirectory= in systemd.exec). */
  Optional<ConfigValue> stateDirectory() {
    return Optional.of(STATE_DIRECTORY)
        .filter(this::isSet)
        .map(
            name -> ConfigValueFactory.fromAnyRef(variables.get(name).split(":")[0], origin(name)));
  }

  Optional<String> configPath() {
    return nameInUse(CONFIG_PATH).map(variables::get);
  }

  /** Warns of variables that Beyla or OBI may know and that have no effect here. */
  void warnOfUnknown() {
    Set<String> known = known();
    variables.keySet().stream()
        .filter(name -> !known.contains(name) && isSet(name))
        .sorted()
        .forEach(
            name -> {
              if (OURS.matcher(name).matches()) {
                warnings.add(
                    BeylaReference.whyIgnored(name)
                        .map(why -> ignored(name, why))
                        .orElseGet(() -> unknown(name, known)));
              } else if (PERHAPS_BEYLAS.matcher(name).matches()) {
                Optional.ofNullable(OtelVariables.WITHOUT_EFFECT.get(name))
                    .or(() -> BeylaReference.whyIgnored(name))
                    .ifPresent(why -> warnings.add(ignored(name, why)));
              }
            });
  }

  private static Set<String> known() {
    Set<String> known = new HashSet<>(OF_THE_SCRIPT);
    known.addAll(CONFIG_PATH.spellings());
    known.addAll(PRINT_TRACES.spellings());
    Options.ALL.stream()
        .flatMap(option -> option.variables().stream())
        .forEach(variable -> known.addAll(variable.spellings()));
    return known;
  }

  private static String ignored(String name, String why) {
    return name + " has no effect here: " + why;
  }

  private static String unknown(String name, Set<String> known) {
    return name
        + " is set but Sonde does not know it: ignored"
        + Nearest.to(name, known).map(nearest -> "; did you mean " + nearest + "?").orElse("");
  }

  private ConfigValue value(String name) {
    return ConfigValueFactory.fromAnyRef(variables.get(name), origin(name));
  }

  private static String origin(String name) {
    return "environment variable " + name;
  }

  private Optional<String> nameInUse(EnvironmentVariable variable) {
    List<String> set = variable.spellings().stream().filter(this::isSet).toList();
    if (set.isEmpty()) {
      return Optional.empty();
    }
    String strongest = set.get(0);
    if (variable.isDeprecated(strongest)) {
      warnings.add(strongest + " is deprecated: conf/sonde.conf names what replaces it");
    }
    set.stream()
        .filter(name -> !variables.get(name).equals(variables.get(strongest)))
        .forEach(name -> warnings.add(name + " is ignored: " + strongest + " is set too"));
    return Optional.of(strongest);
  }

  private boolean isSet(String name) {
    return !variables.getOrDefault(name, "").isBlank();
  }
}
