package io.sonde.launcher.config;

import java.util.List;

/**
 * One key of sonde.conf.
 *
 * @param key full path, e.g. {@code prometheus_export.port}
 * @param type how its values are read
 * @param defaultValue as it would be written in the file
 * @param variables environment variables that set it; the first one that is set wins
 * @param secret values must not be shown, not even in an error
 * @param doc for the reference file: what it means, whole sentences
 */
record Option<T>(
    String key,
    Type<T> type,
    String defaultValue,
    List<EnvironmentVariable> variables,
    boolean secret,
    String doc) {

  static <T> Option<T> of(
      String key, Type<T> type, String defaultValue, String doc, EnvironmentVariable... variables) {
    return new Option<>(key, type, defaultValue, List.of(variables), false, doc);
  }

  Option<T> asSecret() {
    return new Option<>(key, type, defaultValue, variables, true, doc);
  }

  /** Empty for keys at the top level. */
  String section() {
    int dot = key.indexOf('.');
    return dot < 0 ? "" : key.substring(0, dot);
  }

  String name() {
    return key.substring(key.indexOf('.') + 1);
  }
}
