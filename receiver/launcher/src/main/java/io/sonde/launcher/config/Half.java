package io.sonde.launcher.config;

/** What a configuration is read for: each half can do without the settings of the other. */
public enum Half {
  CAPTURE,
  RECEIVER
}
