package io.sonde.launcher.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Defaults, then the file, then the environment; each stronger than the one before. */
public final class ConfigReader {
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings;
  private final Environment environment;

  private ConfigReader(Map<String, String> variables, List<String> warnings) {
    this.warnings = warnings;
    this.environment = new Environment(variables, warnings);
  }

  /**
   * @param file given on the command line, or null: then BEYLA_CONFIG_PATH, then {@code
   *     defaultFile}
   * @param defaultFile null: none
   * @param variables the process's environment
   * @param warnings receives what deserves to be logged, whatever the outcome
   */
  public static SondeConfig read(
      Path file, Path defaultFile, Map<String, String> variables, List<String> warnings)
      throws ConfigurationException {
    return read(file, defaultFile, variables, EnumSet.allOf(Half.class), warnings);
  }

  /**
   * As above, for a process that may be but one half.
   *
   * @param halves nothing must be selected without {@code CAPTURE}, nothing exported without {@code
   *     RECEIVER}
   */
  public static SondeConfig read(
      Path file,
      Path defaultFile,
      Map<String, String> variables,
      Set<Half> halves,
      List<String> warnings)
      throws ConfigurationException {
    return reading(file, defaultFile, variables, halves, warnings).config();
  }

  /** As above, to be compared with what is read later. */
  public static Reading reading(
      Path file,
      Path defaultFile,
      Map<String, String> variables,
      Set<Half> halves,
      List<String> warnings)
      throws ConfigurationException {
    return new ConfigReader(variables, warnings).read(file, defaultFile, halves);
  }

  private Reading read(Path file, Path defaultFile, Set<Half> halves)
      throws ConfigurationException {
    Path chosen = file != null ? file : environment.configPath().map(Path::of).orElse(defaultFile);
    Map<String, ConfigValue> fromFile =
        chosen == null ? Map.of() : ConfigFile.read(chosen, problems);
    Map<Option<?>, Object> values = new HashMap<>();
    Map<Option<?>, Object> written = new HashMap<>();
    Map<String, String> origins = new HashMap<>();
    for (Option<?> option : Options.ALL) {
      Optional<ConfigValue> set =
          environment
              .valueOf(option)
              .or(() -> Optional.ofNullable(fromFile.get(option.key())))
              .filter(v -> v.valueType() != ConfigValueType.NULL);
      set.ifPresent(value -> origins.put(option.key(), value.origin().description()));
      ConfigValue value = set.orElseGet(() -> defaultOf(option));
      written.put(option, value.unwrapped());
      values.put(option, Conversion.of(option, option.key(), value, problems::add).orElse(null));
    }
    Option<Path> state = RoutesKeys.STATE_DIRECTORY;
    environment
        .stateDirectory()
        .filter(given -> values.get(state) == null)
        .flatMap(given -> Conversion.of(state, state.key(), given, problems::add))
        .ifPresent(given -> values.put(state, given));
    environment.warnOfUnknown();
    if (fromFile.containsKey(DiscoveryKeys.EXECUTABLE_NAME.key())
        && !fromFile.get(DiscoveryKeys.EXECUTABLE_NAME.key()).unwrapped().equals("")) {
      warnings.add("discovery.executable_name is deprecated: use discovery.auto_target_exe");
    }
    failOnProblems();
    SondeConfig config =
        SondeConfigAssembly.assemble(new Values(values, origins), halves, problems, warnings);
    failOnProblems();
    return new Reading(
        Optional.ofNullable(chosen), written, new Values(values, origins), halves, config);
  }

  private void failOnProblems() throws ConfigurationException {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  static ConfigValue defaultOf(Option<?> option) {
    return ConfigFactory.parseString("value = " + option.defaultValue()).getValue("value");
  }
}
