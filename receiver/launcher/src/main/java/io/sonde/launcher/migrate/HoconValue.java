package io.sonde.launcher.migrate;

import com.typesafe.config.ConfigUtil;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A scalar of Beyla's as HOCON. Beyla replaces {@code ${NAME}}, {@code ${env:NAME}} and {@code
 * ${NAME:-default}} by the environment when it reads its file; {@code $$} is a dollar.
 *
 * @param text the value, substitutions kept as {@code ${?NAME}}
 * @param fallback what it is where none of them is set; empty: nothing
 */
record HoconValue(String text, Optional<String> fallback) {
  private static final Pattern PLAIN = Pattern.compile("true|false|-?(0|[1-9]\\d{0,17})(\\.\\d+)?");
  private static final Pattern SUBSTITUTION =
      Pattern.compile("\\$(\\$|\\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\\})");

  static HoconValue of(String scalar) {
    StringBuilder value = new StringBuilder();
    StringBuilder fallback = new StringBuilder();
    StringBuilder literal = new StringBuilder();
    boolean substituted = false;
    boolean hasDefault = false;
    Matcher found = SUBSTITUTION.matcher(scalar);
    int at = 0;
    while (found.find()) {
      literal.append(scalar, at, found.start());
      at = found.end();
      if (found.group(2) == null) {
        literal.append('$');
        continue;
      }
      quote(literal, value);
      fallback.append(literal);
      literal.setLength(0);
      value.append("${?").append(found.group(2)).append('}');
      substituted = true;
      if (found.group(3) != null) {
        hasDefault = true;
        fallback.append(found.group(3));
      }
    }
    literal.append(scalar.substring(at));
    fallback.append(literal);
    if (!substituted) {
      String text = literal.toString();
      return new HoconValue(
          PLAIN.matcher(text).matches() ? text : ConfigUtil.quoteString(text), Optional.empty());
    }
    quote(literal, value);
    return new HoconValue(
        value.toString(),
        hasDefault ? Optional.of(ConfigUtil.quoteString(fallback.toString())) : Optional.empty());
  }

  private static void quote(StringBuilder literal, StringBuilder into) {
    if (literal.length() > 0) {
      into.append(ConfigUtil.quoteString(literal.toString()));
    }
  }

  boolean isSubstituted() {
    return text.contains("${?");
  }
}
