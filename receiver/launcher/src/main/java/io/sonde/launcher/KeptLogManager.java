package io.sonde.launcher;

import java.util.logging.LogManager;

/**
 * The standard manager closes all handlers as soon as the JVM begins to shut down, which is when
 * ours still have things to say. Public because java.util.logging makes it by name.
 */
public final class KeptLogManager extends LogManager {
  @Override
  public void reset() {
    // Standard error needs no closing.
  }
}
