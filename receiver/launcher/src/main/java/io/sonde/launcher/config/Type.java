package io.sonde.launcher.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * How a value is read, from the file or from an environment variable (which arrives as a string).
 * Empty text means "not set" wherever that makes sense.
 *
 * @param expectation ends the sentence "it must be …"
 */
record Type<T>(String expectation, Reader<T> reader) {

  /** Reads a value or throws IllegalArgumentException; its message, if any, says what is wrong. */
  @FunctionalInterface
  interface Reader<T> {
    T read(ConfigValue value);
  }

  /** Of one text, number or boolean. */
  static <T> Type<T> scalar(String expectation, Function<String, T> parse) {
    return new Type<>(expectation, value -> parse.apply(text(value)));
  }

  /** A list, or a text separated by commas. */
  static <T> Type<List<T>> list(String expectation, Function<String, T> parse) {
    return new Type<>(expectation, value -> elements(value).stream().map(parse).toList());
  }

  /** As {@code type}, where an empty text stands for null. */
  static <T> Type<T> optional(Type<T> type) {
    return new Type<>(
        type.expectation() + ", or \"\" for none",
        value -> "".equals(value.unwrapped()) ? null : type.reader().read(value));
  }

  /** What a reader asks of a value. */
  static void require(boolean met) {
    if (!met) {
      throw new IllegalArgumentException();
    }
  }

  /** Of one text, number or boolean. */
  static String text(ConfigValue value) {
    require(
        value.valueType() == ConfigValueType.STRING
            || value.valueType() == ConfigValueType.NUMBER
            || value.valueType() == ConfigValueType.BOOLEAN);
    return value.unwrapped().toString().strip();
  }

  /** Of a list, or of a text separated by commas. */
  static List<String> elements(ConfigValue value) {
    if (value instanceof ConfigList list) {
      return list.stream().map(Type::text).toList();
    }
    return Arrays.stream(text(value).split(","))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }
}
