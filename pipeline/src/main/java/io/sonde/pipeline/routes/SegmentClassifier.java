package io.sonde.pipeline.routes;

import java.util.Set;

/**
 * Tells the segments of a path that belong to its route from those that are data. Without state.
 *
 * <p>A segment belongs to the route when all of this is so:
 *
 * <ul>
 *   <li>It is a version ({@code v1}, {@code v2.1}, {@code v1beta1}), or it has only letters,
 *       digits, {@code -}, {@code _}, {@code .} and at most {@value #MAX_LENGTH} of them. So
 *       percent-encoded characters, {@code @}, {@code :}, {@code =}, {@code ;} make it data.
 *   <li>It is at most {@value #MAX_WORDS} words with {@code -}, {@code _} or {@code .} between them
 *       (one of the latter may stand before the first): more are a title.
 *   <li>Each word is letters that look like a word ({@link WordModel}), then at most one digit
 *       ({@code oauth2}, {@code s3}), or one that is known for its digits ({@code sha256}). So
 *       numbers, UUIDs, hashes, dates and ids with digits are data.
 *   <li>It does not change from lower to upper case more than once in three letters, as {@code
 *       getUserById} does not and Base64 does.
 *   <li>It is not eight or more letters from a to f: hexadecimal.
 * </ul>
 */
final class SegmentClassifier {
  static final int MAX_LENGTH = 64;
  static final int MAX_WORDS = 4;

  private static final int HEX_LENGTH = 8;

  private static final Set<String> WITH_DIGITS =
      Set.of(
          "2fa", "3d", "3ds", "b2b", "b2c", "base64", "e2e", "ec2", "i18n", "k8s", "l10n", "log4j",
          "m2m", "md5", "mp3", "mp4", "oauth2", "p2p", "sha1", "sha256", "sha512", "x509");

  private SegmentClassifier() {}

  /** Whether the segment is kept as it is; false when it is data, and for an empty one. */
  static boolean belongsToRoute(String path, int from, int to) {
    if (to == from || to - from > MAX_LENGTH) {
      return false;
    }
    return isVersion(path, from, to) || isWords(path, from, to);
  }

  private static boolean isWords(String path, int from, int to) {
    int start = path.charAt(from) == '.' || path.charAt(from) == '_' ? from + 1 : from;
    if (start == to) {
      return false;
    }
    int words = 1;
    int wordFrom = start;
    int humps = 0;
    int letters = 0;
    boolean hex = true;
    for (int i = start; i < to; i++) {
      char c = path.charAt(i);
      if (c == '-' || c == '_' || c == '.') {
        if (++words > MAX_WORDS || !isWord(path, wordFrom, i)) {
          return false;
        }
        wordFrom = i + 1;
      } else if (isLetter(c)) {
        letters++;
        hex &= (c | 0x20) <= 'f';
        boolean upper = c <= 'Z';
        if (upper && i > start && path.charAt(i - 1) >= 'a') {
          humps++;
        }
      } else if (!isDigit(c)) {
        return false;
      }
    }
    return isWord(path, wordFrom, to) && humps * 3 <= letters && !(hex && letters >= HEX_LENGTH);
  }

  private static boolean isWord(String path, int from, int to) {
    int digits = 0;
    for (int i = from; i < to; i++) {
      if (isDigit(path.charAt(i))) {
        digits++;
      }
    }
    if (to == from || digits == to - from) {
      return false;
    }
    if (digits == 0) {
      return WordModel.isWord(path, from, to);
    }
    if (digits == 1 && isDigit(path.charAt(to - 1))) {
      return WordModel.isWord(path, from, to - 1);
    }
    return digits <= 3 && WITH_DIGITS.contains(path.substring(from, to));
  }

  /** {@code v1}, {@code V10}, {@code v2.1}, {@code v1beta2}. */
  private static boolean isVersion(String path, int from, int to) {
    if ((path.charAt(from) | 0x20) != 'v') {
      return false;
    }
    int at = digits(path, from + 1, to);
    if (at == from + 1 || at - from > 3) {
      return false;
    }
    if (at < to && path.charAt(at) == '.') {
      int minor = digits(path, at + 1, to);
      return minor == to && minor > at + 1 && minor - at <= 3;
    }
    int stage = path.startsWith("alpha", at) ? at + 5 : path.startsWith("beta", at) ? at + 4 : at;
    return stage <= to && to - digits(path, stage, to) == 0 && to - stage <= 1;
  }

  private static int digits(String path, int from, int to) {
    int at = from;
    while (at < to && isDigit(path.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }
}
