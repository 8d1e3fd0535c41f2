package io.sonde.launcher;

import io.sonde.launcher.config.ConfigReader;
import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.config.SondeConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import picocli.CommandLine.Option;

/** {@code --config}, shared by the commands that need the configuration. */
final class ConfigOption {
  private static final Logger LOG = Logger.getLogger(ConfigOption.class.getName());

  /** Set by bin/sonde to the file of the distribution. */
  private static final String DEFAULT_FILE = "sonde.conf";

  @Option(
      names = {"-c", "--config", "-config"},
      paramLabel = "FILE",
      description =
          "Configuration file. Default: $BEYLA_CONFIG_PATH, or else conf/sonde.conf of the"
              + " distribution. Environment variables go before it.")
  private Path file;

  /** Reads it, logs at its level from now on, warnings first. */
  SondeConfig read() throws ConfigurationException {
    String defaultFile = System.getProperty(DEFAULT_FILE);
    List<String> warnings = new ArrayList<>();
    SondeConfig config =
        ConfigReader.read(
            file, defaultFile == null ? null : Path.of(defaultFile), System.getenv(), warnings);
    Logging.level(config.logLevel().level());
    warnings.forEach(LOG::warning);
    return config;
  }
}
