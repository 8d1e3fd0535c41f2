package io.sonde.probes.capture;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Beyla's globs (gobwas/glob without separators): {@code *} any characters, slashes too, {@code ?}
 * one, {@code [abc]}, {@code [!abc]}, {@code {a,b}}, backslash quotes.
 */
final class Glob {
  private Glob() {}

  /**
   * @param key of the option, for the error
   */
  static Pattern compile(String key, String glob) throws OptionException {
    StringBuilder regex = new StringBuilder();
    int alternatives = 0;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        case '{' -> {
          alternatives++;
          regex.append("(?:");
        }
        case '}' -> {
          alternatives--;
          regex.append(')');
        }
        case ',' -> regex.append(alternatives > 0 ? "|" : ",");
        case '[' -> {
          regex.append('[');
          if (i + 1 < glob.length() && glob.charAt(i + 1) == '!') {
            regex.append('^');
            i++;
          }
        }
        case ']' -> regex.append(']');
        case '-' -> regex.append('-');
        case '\\' -> {
          if (++i == glob.length()) {
            throw new OptionException(
                key + "=" + glob + ": ends with a backslash that quotes nothing");
          }
          regex.append(Pattern.quote(String.valueOf(glob.charAt(i))));
        }
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    try {
      return Pattern.compile(regex.toString(), Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new OptionException(key + "=" + glob + ": unbalanced brackets or braces");
    }
  }
}
