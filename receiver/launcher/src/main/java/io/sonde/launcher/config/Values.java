package io.sonde.launcher.config;

import java.util.Map;

/** The value of every option, after defaults, file and environment. */
final class Values {
  private final Map<Option<?>, Object> values;

  Values(Map<Option<?>, Object> values) {
    this.values = values;
  }

  /** Null only for options whose type is optional. */
  @SuppressWarnings("unchecked") // put in by the reader of the same option
  <T> T get(Option<T> option) {
    return (T) values.get(option);
  }
}
