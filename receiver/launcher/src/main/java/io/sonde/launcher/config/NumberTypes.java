package io.sonde.launcher.config;

import static io.sonde.launcher.config.Type.elements;
import static io.sonde.launcher.config.Type.require;
import static io.sonde.launcher.config.Type.scalar;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Numbers, and what is made of them: durations, sizes, ports. */
final class NumberTypes {
  private static final int MAX_PORT = 65535;
  private static final int MAX_BUCKETS = 1024;

  /** In seconds and as whole nanoseconds a bound fits into a long. */
  private static final double MAX_BOUND = 1e9;

  private static final Pattern PORT_OR_RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
  private static final Pattern DURATION_PART =
      Pattern.compile("(\\d+(?:\\.\\d+)?)(h|ms|m|us|ns|s)");
  private static final Map<String, Double> UNIT_NS =
      Map.of("h", 3600e9, "m", 60e9, "s", 1e9, "ms", 1e6, "us", 1e3, "ns", 1d);

  private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*(KiB|MiB|GiB)?");
  private static final Map<String, Long> UNIT_BYTES =
      Map.of("KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  static final Type<String> PORTS =
      new Type<>(
          "ports and ranges of ports from 1 to 65535, as \"80,443,8000-8999\"",
          value ->
              elements(value).stream().map(NumberTypes::ports).collect(Collectors.joining(",")));

  static final Type<List<Integer>> NUMBERS =
      new Type<>(
          "a list of numbers",
          value -> elements(value).stream().map(n -> Math.toIntExact(number(n))).toList());

  static final Type<Duration> DURATION =
      scalar(
          "a duration as 500ms, 10s or 1m30s; a number alone is milliseconds",
          NumberTypes::duration);

  static final Type<Double> RATIO =
      scalar(
          "a number from 0 to 1",
          text -> {
            double ratio = Double.parseDouble(text);
            require(ratio >= 0 && ratio <= 1);
            return ratio;
          });

  static final Type<List<Double>> ASCENDING =
      new Type<>(
          "a list of numbers, each larger than the one before, none negative",
          value -> {
            List<Double> numbers = elements(value).stream().map(Double::valueOf).toList();
            require(!numbers.isEmpty() && numbers.get(0) >= 0 && numbers.size() <= MAX_BUCKETS);
            for (int i = 1; i < numbers.size(); i++) {
              require(numbers.get(i) > numbers.get(i - 1) && numbers.get(i) < MAX_BOUND);
            }
            return numbers;
          });

  private NumberTypes() {}

  static Type<Integer> number(int min, int max) {
    return scalar(
        "a number from " + min + " to " + max,
        text -> {
          long number = number(text);
          require(number >= min && number <= max);
          return (int) number;
        });
  }

  static Type<Double> decimal(double min, double max) {
    return scalar(
        "a number from " + min + " to " + max,
        text -> {
          double number = Double.parseDouble(text);
          require(number >= min && number <= max);
          return number;
        });
  }

  /** With a unit of powers of 1024, or without. */
  static Type<Long> bytes(long min, long max) {
    return scalar(
        "a size as 16MiB, 512KiB or 1GiB, a number alone is bytes; from " + min + " to " + max,
        text -> {
          Matcher size = SIZE.matcher(text);
          require(size.matches());
          long unit = size.group(2) == null ? 1 : UNIT_BYTES.get(size.group(2));
          long bytes = Math.multiplyExact(number(size.group(1)), unit);
          require(bytes >= min && bytes <= max);
          return bytes;
        });
  }

  static Type<Integer> powerOfTwo(int min, int max) {
    Type<Integer> number = number(min, max);
    return new Type<>(
        "a power of two from " + min + " to " + max,
        value -> {
          int n = number.reader().read(value);
          require(Integer.bitCount(n) == 1);
          return n;
        });
  }

  private static long number(String text) {
    return Long.parseLong(text);
  }

  private static String ports(String text) {
    Matcher range = PORT_OR_RANGE.matcher(text);
    require(range.matches());
    int first = Integer.parseInt(range.group(1));
    int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
    require(first >= 1 && first <= last && last <= MAX_PORT);
    return text;
  }

  private static Duration duration(String text) {
    if (text.chars().allMatch(Character::isDigit)) {
      return Duration.ofMillis(number(text));
    }
    Matcher part = DURATION_PART.matcher(text);
    double ns = 0;
    int at = 0;
    while (at < text.length()) {
      require(part.find(at) && part.start() == at);
      ns += Double.parseDouble(part.group(1)) * UNIT_NS.get(part.group(2));
      at = part.end();
    }
    require(ns <= Long.MAX_VALUE);
    return Duration.ofNanos((long) ns);
  }
}
