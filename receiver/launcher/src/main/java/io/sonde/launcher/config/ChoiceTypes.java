package io.sonde.launcher.config;

import static io.sonde.launcher.config.Type.elements;
import static io.sonde.launcher.config.Type.require;
import static io.sonde.launcher.config.Type.scalar;

import io.sonde.pipeline.Naming;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One or several of the words that there are. */
final class ChoiceTypes {
  static final Type<Boolean> BOOLEAN =
      scalar(
          "true or false",
          text -> {
            require(text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"));
            return Boolean.valueOf(text);
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

  private ChoiceTypes() {}

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
}
