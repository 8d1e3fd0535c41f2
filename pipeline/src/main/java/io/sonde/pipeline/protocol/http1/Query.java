package io.sonde.pipeline.protocol.http1;

import java.util.Set;

/** Hides what the semantic conventions (url.query) say must not be recorded. */
final class Query {
  private static final String REDACTED = "REDACTED";
  private static final Set<String> SECRET =
      Set.of("AWSAccessKeyId", "Signature", "sig", "X-Goog-Signature");

  private Query() {}

  /** The same string when there is nothing to hide, as nearly always. */
  static String redacted(String query) {
    StringBuilder result = null;
    int copied = 0;
    int from = 0;
    while (from < query.length()) {
      int to = query.indexOf('&', from);
      if (to < 0) {
        to = query.length();
      }
      int equals = query.indexOf('=', from);
      if (equals > from && equals < to && isSecret(query, from, equals)) {
        if (result == null) {
          result = new StringBuilder(query.length());
        }
        result.append(query, copied, equals + 1).append(REDACTED);
        copied = to;
      }
      from = to + 1;
    }
    return result == null ? query : result.append(query, copied, query.length()).toString();
  }

  private static boolean isSecret(String query, int from, int to) {
    for (String name : SECRET) {
      if (name.length() == to - from && query.startsWith(name, from)) {
        return true;
      }
    }
    return false;
  }
}
