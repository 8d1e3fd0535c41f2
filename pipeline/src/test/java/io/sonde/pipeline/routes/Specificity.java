package io.sonde.pipeline.routes;

import java.util.Arrays;
import java.util.List;

/** The rule of {@link PatternTrie} without a trie: slow and plain. */
final class Specificity {
  private Specificity() {}

  static String best(List<String> patterns, String path) {
    String best = null;
    for (String pattern : patterns) {
      if (matches(segments(pattern), segments(path))
          && (best == null || rank(pattern).compareTo(rank(best)) < 0)) {
        best = pattern;
      }
    }
    return best;
  }

  private static boolean matches(List<String> pattern, List<String> path) {
    boolean rest = !pattern.isEmpty() && pattern.get(pattern.size() - 1).equals("*");
    int fixed = rest ? pattern.size() - 1 : pattern.size();
    if (path.size() < fixed || !rest && path.size() != fixed) {
      return false;
    }
    for (int i = 0; i < fixed; i++) {
      boolean any = pattern.get(i).equals("{v}") || pattern.get(i).equals("*");
      if (any ? path.get(i).isEmpty() : !pattern.get(i).equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Sorts before another that is less specific, for patterns that match the same path. */
  private static String rank(String pattern) {
    List<String> segments = segments(pattern);
    StringBuilder rank = new StringBuilder();
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      boolean last = i == segments.size() - 1;
      rank.append(segment.equals("*") && last ? 'c' : segment.matches("\\*|\\{v}") ? 'b' : 'a');
    }
    return rank.toString();
  }

  /** A slash at the end makes no difference. */
  private static List<String> segments(String path) {
    String inner = path.substring(1);
    if (inner.endsWith("/")) {
      inner = inner.substring(0, inner.length() - 1);
    } else if (inner.isEmpty()) {
      return List.of();
    }
    return Arrays.asList(inner.split("/", -1));
  }
}
