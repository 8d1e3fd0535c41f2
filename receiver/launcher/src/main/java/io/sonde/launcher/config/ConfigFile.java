package io.sonde.launcher.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads sonde.conf into one value per option; anything else in it is a problem. */
final class ConfigFile {
  private ConfigFile() {}

  /** By full key. Adds to {@code problems} what is wrong. */
  static Map<String, ConfigValue> read(Path file, List<String> problems) {
    if (!Files.isReadable(file)) {
      problems.add(
          file
              + (Files.notExists(file)
                  ? ": no such file: give the path of a configuration file, or none"
                  : ": the user "
                      + System.getProperty("user.name")
                      + " may not read it: open the file and the folders above it to that user"));
      return Map.of();
    }
    try {
      Config config =
          ConfigFactory.parseFile(
                  file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
              .resolve();
      return KeyedValues.of(
          config.root(),
          Options.ALL,
          Refusals.NONE,
          "",
          "conf/sonde.conf lists all keys",
          problems::add);
    } catch (ConfigException e) {
      problems.add(e.getMessage() + ": correct the syntax (HOCON)");
      return Map.of();
    }
  }
}
