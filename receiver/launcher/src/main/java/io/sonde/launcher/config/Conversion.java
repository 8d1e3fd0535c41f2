package io.sonde.launcher.config;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads one value by the type of its option. */
final class Conversion {
  private Conversion() {}

  /**
   * Empty for a value that is not of the type, which is told, and for one that stands for null.
   *
   * @param key as people are told of it
   */
  static Optional<Object> of(
      Option<?> option, String key, ConfigValue value, Consumer<String> problems) {
    try {
      return Optional.ofNullable(option.type().reader().read(value));
    } catch (EntryList.ProblemsException e) {
      e.problems().forEach(problems);
    } catch (IllegalArgumentException | ArithmeticException e) {
      String found =
          option.secret() ? "not understood" : value.render(ConfigRenderOptions.concise());
      problems.accept(
          value.origin().description()
              + ": "
              + key
              + " is "
              + found
              + ": it must be "
              + option.type().expectation());
    }
    return Optional.empty();
  }
}
