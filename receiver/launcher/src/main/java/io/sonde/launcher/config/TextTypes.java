package io.sonde.launcher.config;

import static io.sonde.launcher.config.Type.elements;
import static io.sonde.launcher.config.Type.require;
import static io.sonde.launcher.config.Type.scalar;
import static io.sonde.launcher.config.Type.text;

import com.typesafe.config.ConfigList;
import io.sonde.pipeline.OtlpAddress;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Texts, and what is written as one: paths, addresses, patterns, and words of anyone's choice. */
final class TextTypes {
  static final Type<String> TEXT = scalar("a text on one line", TextTypes::oneLine);

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
            require(languages.stream().allMatch(TextTypes::isBalanced));
            return switch (languages.size()) {
              case 0 -> "";
              case 1 -> oneLine(languages.get(0));
              default -> oneLine("{" + String.join(",", languages) + "}");
            };
          });

  static final Type<Set<String>> WORDS =
      new Type<>(
          "a list of texts, or a text separated by commas",
          value ->
              elements(value).stream()
                  .map(TextTypes::oneLine)
                  .collect(Collectors.toCollection(LinkedHashSet::new)));

  private TextTypes() {}

  /** Ends up in lines and headers, so no control characters. */
  static String oneLine(String text) {
    require(text.chars().noneMatch(Character::isISOControl));
    return text;
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
}
