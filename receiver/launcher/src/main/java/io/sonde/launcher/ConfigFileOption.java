package io.sonde.launcher;

import io.sonde.launcher.config.ConfigReader;
import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.config.Half;
import io.sonde.launcher.config.Reading;
import io.sonde.launcher.config.SondeConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Logger;
import picocli.CommandLine.Option;

/** The option {@code --config}, for commands that read the configuration. */
public final class ConfigFileOption {
  /** System property set by bin/sonde: the configuration file of the distribution. */
  private static final String DEFAULT_FILE = "sonde.conf";

  @Option(
      names = {"-c", "--config", "-config"},
      paramLabel = "FILE",
      description = {
        "Configuration. Default: $BEYLA_CONFIG_PATH, or else conf/sonde.conf of the distribution."
            + " Environment variables go before it."
      })
  private Path file;

  /** Null when not given. */
  public Path file() {
    return file;
  }

  /** Null when there is no distribution around us. */
  public static Path defaultFile() {
    String path = System.getProperty(DEFAULT_FILE);
    return path == null ? null : Path.of(path);
  }

  /**
   * Also logs from now on as the configuration says.
   *
   * @param halves those that are to be started with it
   */
  public SondeConfig read(Set<Half> halves) throws ConfigurationException {
    return read(file, halves);
  }

  static SondeConfig read(Path file, Set<Half> halves) throws ConfigurationException {
    return reading(file, halves).config();
  }

  /** As {@link #read}, to be read again. */
  static Reading reading(Path file, Set<Half> halves) throws ConfigurationException {
    List<String> warnings = new ArrayList<>();
    Reading reading = ConfigReader.reading(file, defaultFile(), System.getenv(), halves, warnings);
    SondeConfig config = reading.config();
    Logging.set(config.logLevel().level(), config.logFormat());
    Logger log = Logger.getLogger(ConfigFileOption.class.getName());
    warnings.forEach(log::warning);
    return reading;
  }
}
