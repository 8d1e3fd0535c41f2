package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.sonde;

import java.time.Duration;
import java.util.List;

/** When the configuration is read again. */
final class ReloadKeys {
  static final Option<Duration> INTERVAL =
      Option.of(
          "config_reload_interval",
          NumberTypes.DURATION,
          "0s",
          "Look so often whether this file has changed, and take on what has, as at a SIGHUP; 0:"
              + " only at a SIGHUP, as Alloy, the Collector and Prometheus do by default. What is"
              + " read is compared, so that a Kubernetes ConfigMap is followed too.",
          sonde("CONFIG_RELOAD_INTERVAL"));

  /** In the order of the reference file. */
  static final List<Option<?>> ALL = List.of(INTERVAL);

  private ReloadKeys() {}
}
