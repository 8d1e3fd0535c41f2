package io.sonde.launcher.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sonde.pipeline.Naming;
import io.sonde.pipeline.OtlpAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of values in sonde.conf. Empty text means "not set" wherever that makes sense. */
final class Types {
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

  static final Type<String> TEXT = scalar("a text on one line", Types::oneLine);

  static final Type<Character> WILDCARD =
      scalar(
          "one character such as * or ?, not a slash",
          text -> {
            require(text.length() == 1 && text.charAt(0) > ' ' && text.charAt(0) < 0x7f);
            require(!text.equals("/"));
            return text.charAt(0);
          });

  static final Type<Path> FILE =
      scalar(
          "an absolute path",
          text -> {
            require(text.startsWith("/"));
            return Path.of(oneLine(text));
          });

  static final Type<String> HTTP_PATH =
      scalar(
          "a path that starts with /",
          text -> {
            require(text.startsWith("/"));
            return oneLine(text);
          });

  static final Type<String> REGEX =
      scalar(
          "a regular expression",
          text -> {
            Pattern.compile(text);
            return oneLine(text);
          });

  static final Type<String> GLOB =
      scalar(
          "a glob with * ? [abc] [!abc] {a,b}, its brackets and braces closed",
          text -> {
            require(isBalanced(text));
            return oneLine(text);
          });

  /** As one glob. */
  static final Type<String> LANGUAGES =
      new Type<>(
          "languages, as go or [go, java, nodejs], or a glob",
          value -> {
            if (!(value instanceof ConfigList) && text(value).contains("{")) {
              return GLOB.reader().read(value);
            }
            List<String> languages = elements(value);
            require(languages.stream().allMatch(Types::isBalanced));
            return switch (languages.size()) {
              case 0 -> "";
              case 1 -> oneLine(languages.get(0));
              default -> oneLine("{" + String.join(",", languages) + "}");
            };
          });

  static final Type<String> PORTS =
      new Type<>(
          "ports and ranges of ports from 1 to 65535, as \"80,443,8000-8999\"",
          value -> elements(value).stream().map(Types::ports).collect(Collectors.joining(",")));

  static final Type<List<Integer>> NUMBERS =
      new Type<>(
          "a list of numbers",
          value -> elements(value).stream().map(n -> Math.toIntExact(number(n))).toList());

  static final Type<Set<String>> WORDS =
      new Type<>(
          "a list of texts, or a text separated by commas",
          value ->
              elements(value).stream()
                  .map(Types::oneLine)
                  .collect(Collectors.toCollection(LinkedHashSet::new)));

  static final Type<Duration> DURATION =
      scalar("a duration as 500ms, 10s or 1m30s; a number alone is milliseconds", Types::duration);

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

  private static final Set<String> STABILITY_WORDS = Set.of("http", "http/dup", "rpc", "rpc/dup");

  /** Of several words those for other protocols are no concern of ours. */
  static final Type<Naming> STABILITY =
      new Type<>(
          "http, http/dup, rpc, rpc/dup, or several words of OTEL_SEMCONV_STABILITY_OPT_IN",
          value -> {
            List<String> words = elements(value);
            require(
                words.stream()
                    .filter(word -> word.startsWith("http") || word.startsWith("rpc"))
                    .allMatch(STABILITY_WORDS::contains));
            Set<Naming.Rpc> rpc = Naming.DEFAULT.rpc();
            if (words.contains("rpc/dup")) { // goes before rpc
              rpc = Set.of(Naming.Rpc.LEGACY, Naming.Rpc.STABLE);
            } else if (words.contains("rpc")) {
              rpc = Set.of(Naming.Rpc.STABLE);
            }
            return new Naming(words.contains("http/dup"), rpc);
          });

  static final Type<Boolean> BOOLEAN =
      scalar(
          "true or false",
          text -> {
            require(text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"));
            return Boolean.valueOf(text);
          });

  /** Empty: none. */
  static final Type<String> OTLP_ENDPOINT =
      scalar(
          "an address as http://localhost:4318, https://host/otlp, unix:///run/otlp.sock,"
              + " unix://@name (at most 107 bytes of path or name) or localhost:4317, without user"
              + " name or query; or \"\" for none",
          text -> {
            if (!text.isEmpty()) {
              OtlpAddress.parse(text, false);
            }
            return text;
          });

  static final Type<Map<String, String>> MAP =
      new Type<>(
          "an object { name = \"value\" }, or a text \"name=value,name=value\" with %-escapes",
          Types::map);

  private Types() {}

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

  /** One of an enum's constants, in lower case; {@code spell} turns its name into what is typed. */
  static <E extends Enum<E>> Type<E> choice(Class<E> type, Function<String, String> spell) {
    Map<String, E> choices = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      choices.put(spell.apply(constant.name().toLowerCase(Locale.ROOT)), constant);
    }
    return scalar(
        "one of " + String.join(", ", choices.keySet()),
        text -> {
          E choice = choices.get(text.toLowerCase(Locale.ROOT));
          require(choice != null);
          return choice;
        });
  }

  /** Any of an enum's constants, separated by commas; {@code none} alone for no one. */
  static <E extends Enum<E>> Type<Set<E>> choices(Class<E> type, String none) {
    Map<String, E> choices = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      choices.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    return new Type<>(
        none + ", or any of " + String.join(", ", choices.keySet()) + ", separated by commas",
        value -> {
          List<String> words =
              elements(value).stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
          require(!words.isEmpty());
          if (words.equals(List.of(none))) {
            return Set.of();
          }
          require(choices.keySet().containsAll(words));
          return words.stream().map(choices::get).collect(Collectors.toUnmodifiableSet());
        });
  }

  /** Any of an enum's constants, in a list or separated by commas; none is a value too. */
  static <E extends Enum<E>> Type<Set<E>> listOf(Class<E> type) {
    Map<String, E> choices = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      choices.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    return new Type<>(
        "a list of any of " + String.join(", ", choices.keySet()) + "; [] for none",
        value -> {
          List<String> words =
              elements(value).stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
          require(choices.keySet().containsAll(words));
          return words.stream().map(choices::get).collect(Collectors.toUnmodifiableSet());
        });
  }

  /** A list, or a text separated by commas. */
  static <T> Type<List<T>> list(String expectation, Function<String, T> parse) {
    return new Type<>(expectation, value -> elements(value).stream().map(parse).toList());
  }

  /** Any of these words, separated by commas. */
  static Type<List<String>> words(List<String> allowed) {
    return new Type<>(
        "any of " + String.join(", ", allowed) + ", separated by commas",
        value -> {
          List<String> words = elements(value);
          require(allowed.containsAll(words));
          return words;
        });
  }

  /** As {@code type}, where an empty text stands for null. */
  static <T> Type<T> optional(Type<T> type) {
    return new Type<>(
        type.expectation() + ", or \"\" for none",
        value -> "".equals(value.unwrapped()) ? null : type.reader().read(value));
  }

  private static <T> Type<T> scalar(String expectation, Function<String, T> parse) {
    return new Type<>(expectation, value -> parse.apply(text(value)));
  }

  private static boolean isBalanced(String glob) {
    int braces = 0;
    boolean inBrackets = false;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (c == '\\') {
        i++;
        if (i == glob.length()) {
          return false;
        }
      } else if (inBrackets) {
        inBrackets = c != ']';
      } else if (c == '[') {
        inBrackets = true;
      } else if (c == '{') {
        braces++;
      } else if (c == '}' && --braces < 0 || c == ']') {
        return false;
      }
    }
    return braces == 0 && !inBrackets;
  }

  private static void require(boolean met) {
    if (!met) {
      throw new IllegalArgumentException();
    }
  }

  private static String text(ConfigValue value) {
    require(
        value.valueType() == ConfigValueType.STRING
            || value.valueType() == ConfigValueType.NUMBER
            || value.valueType() == ConfigValueType.BOOLEAN);
    return value.unwrapped().toString().strip();
  }

  /** Of a list, or of a text separated by commas. */
  private static List<String> elements(ConfigValue value) {
    if (value instanceof ConfigList list) {
      return list.stream().map(Types::text).toList();
    }
    return Arrays.stream(text(value).split(","))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  /** Ends up in lines and headers, so no control characters. */
  private static String oneLine(String text) {
    require(text.chars().noneMatch(Character::isISOControl));
    return text;
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

  private static Map<String, String> map(ConfigValue value) {
    Map<String, String> map = new LinkedHashMap<>();
    if (value instanceof ConfigObject object) {
      flatten("", object, map);
      return map;
    }
    for (String pair : elements(value)) {
      int equals = pair.indexOf('=');
      require(equals > 0);
      map.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
    }
    return map;
  }

  /** HOCON reads {@code a.b = 1} as an object in an object; here it is a name with a dot. */
  private static void flatten(String prefix, ConfigObject object, Map<String, String> into) {
    object.forEach(
        (name, value) -> {
          if (value instanceof ConfigObject inner) {
            flatten(prefix + name + ".", inner, into);
          } else {
            into.put(oneLine(prefix + name), oneLine(text(value)));
          }
        });
  }

  private static String decode(String text) {
    // URLDecoder would also turn a plus into a space.
    return oneLine(URLDecoder.decode(text.strip().replace("+", "%2B"), StandardCharsets.UTF_8));
  }
}
