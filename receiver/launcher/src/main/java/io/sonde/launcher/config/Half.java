package io.sonde.launcher.config;

/** What a configuration is read for: each half can do without the settings of the other. */
public enum Half {
  CAPTURE,
  RECEIVER,
  /** A receiver that need not report to anybody, since it records. */
  RECORDER
}
