package io.sonde.launcher.config;

import com.typesafe.config.ConfigValue;

/**
 * How a value is read, from the file or from an environment variable (which arrives as a string).
 *
 * @param expectation ends the sentence "it must be …"
 */
record Type<T>(String expectation, Reader<T> reader) {

  /** Reads a value or throws IllegalArgumentException; its message, if any, says what is wrong. */
  @FunctionalInterface
  interface Reader<T> {
    T read(ConfigValue value);
  }
}
