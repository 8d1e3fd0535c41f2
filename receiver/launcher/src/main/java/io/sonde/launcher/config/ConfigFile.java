package io.sonde.launcher.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads sonde.conf into one value per option; anything else in it is a problem. */
final class ConfigFile {
  private final List<String> problems;
  private final Map<String, ConfigValue> values = new HashMap<>();

  private ConfigFile(List<String> problems) {
    this.problems = problems;
  }

  /** By full key. Adds to {@code problems} what is wrong. */
  static Map<String, ConfigValue> read(Path file, List<String> problems) {
    ConfigFile reader = new ConfigFile(problems);
    if (!Files.isReadable(file)) {
      problems.add(
          file
              + (Files.notExists(file)
                  ? ": no such file: give the path of a configuration file, or none"
                  : ": the user "
                      + System.getProperty("user.name")
                      + " may not read it: open the file and the folders above it to that user"));
      return reader.values;
    }
    try {
      Config config =
          ConfigFactory.parseFile(
                  file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
              .resolve();
      reader.collect("", config.root());
    } catch (ConfigException e) {
      problems.add(e.getMessage() + ": correct the syntax (HOCON)");
    }
    return reader.values;
  }

  private void collect(String prefix, ConfigObject object) {
    object.forEach((name, value) -> take(prefix + name, value));
  }

  private void take(String key, ConfigValue value) {
    if (Options.ALL.stream().anyMatch(option -> option.key().equals(key))) {
      values.put(key, value);
    } else if (Options.ALL.stream().noneMatch(option -> option.key().startsWith(key + "."))) {
      String meant =
          Nearest.to(key, Options.ALL.stream().map(Option::key).toList())
              .map(nearest -> "did you mean " + nearest + "?")
              .orElse("remove it; conf/sonde.conf lists all keys");
      problems.add(value.origin().description() + ": unknown key " + key + ": " + meant);
    } else if (value instanceof ConfigObject section) {
      collect(key + ".", section);
    } else {
      problems.add(
          value.origin().description() + ": " + key + " is a section: write " + key + " { … }");
    }
  }
}
