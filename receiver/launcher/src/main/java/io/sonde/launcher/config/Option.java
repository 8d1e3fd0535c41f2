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
 * @param fields the options of an entry, where the value is a list of objects; else empty
 * @param example of a value, where the default shows nothing; else empty
 * @param doc for the reference file: what it means, whole sentences
 */
record Option<T>(
    String key,
    Type<T> type,
    String defaultValue,
    List<EnvironmentVariable> variables,
    boolean secret,
    List<Option<?>> fields,
    String example,
    String doc) {

  static <T> Option<T> of(
      String key, Type<T> type, String defaultValue, String doc, EnvironmentVariable... variables) {
    return new Option<>(key, type, defaultValue, List.of(variables), false, List.of(), "", doc);
  }

  /**
   * A list of objects.
   *
   * @param fields of each; their keys are within the object
   * @param refusals keys in an object that get an answer of their own
   * @param example of such a list, its key included; where there is one, the fields are explained
   *     with it
   */
  static Option<List<Entry>> listOf(
      String key,
      List<Option<?>> fields,
      Refusals refusals,
      String defaultValue,
      String example,
      String doc) {
    Type<List<Entry>> type = EntryList.type(key, fields, refusals);
    return new Option<>(key, type, defaultValue, List.of(), false, fields, example, doc);
  }

  Option<T> asSecret() {
    return new Option<>(key, type, defaultValue, variables, true, fields, example, doc);
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
