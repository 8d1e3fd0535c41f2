package io.sonde.launcher.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.sonde.launcher.beyla.Nearest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Sorts an object of a file into one value per option; anything else in it is a problem. */
final class KeyedValues {
  private final List<Option<?>> options;
  private final Refusals refusals;
  private final String path;
  private final String listing;
  private final Consumer<String> problems;
  private final Map<String, ConfigValue> values = new HashMap<>();

  private KeyedValues(
      List<Option<?>> options,
      Refusals refusals,
      String path,
      String listing,
      Consumer<String> problems) {
    this.options = options;
    this.refusals = refusals;
    this.path = path;
    this.listing = listing;
    this.problems = problems;
  }

  /**
   * By key of the option.
   *
   * @param options that the object may set
   * @param refusals keys that get an answer of their own
   * @param path before the keys of the options, as people are told of them; ends with a dot, or is
   *     empty
   * @param listing where all keys are to be found, ends the sentence "remove it; …"
   */
  static Map<String, ConfigValue> of(
      ConfigObject object,
      List<Option<?>> options,
      Refusals refusals,
      String path,
      String listing,
      Consumer<String> problems) {
    KeyedValues sorted = new KeyedValues(options, refusals, path, listing, problems);
    sorted.collect("", object);
    return sorted.values;
  }

  private void collect(String prefix, ConfigObject object) {
    object.forEach((name, value) -> take(prefix + name, value));
  }

  private void take(String key, ConfigValue value) {
    if (options.stream().anyMatch(option -> option.key().equals(key))) {
      values.put(key, value);
    } else if (refusals.answer(key).isPresent()) {
      problem(value, path + key + ": " + refusals.answer(key).get());
    } else if (options.stream().noneMatch(option -> option.key().startsWith(key + "."))) {
      String meant =
          Nearest.to(key, options.stream().map(Option::key).toList())
              .map(nearest -> "did you mean " + path + nearest + "?")
              .orElse("remove it; " + listing);
      problem(value, "unknown key " + path + key + ": " + meant);
    } else if (value instanceof ConfigObject section) {
      collect(key + ".", section);
    } else {
      problem(value, path + key + " is a section: write " + key + " { … }");
    }
  }

  private void problem(ConfigValue value, String text) {
    problems.accept(value.origin().description() + ": " + text);
  }
}
