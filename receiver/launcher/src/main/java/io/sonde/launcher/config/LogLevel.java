package io.sonde.launcher.config;

import java.util.logging.Level;

/** Beyla's log levels. */
public enum LogLevel {
  DEBUG(Level.FINE),
  INFO(Level.INFO),
  WARN(Level.WARNING),
  ERROR(Level.SEVERE);

  private final Level level;

  LogLevel(Level level) {
    this.level = level;
  }

  public Level level() {
    return level;
  }
}
