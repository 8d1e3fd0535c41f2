package io.sonde.pipeline.protocol;

import java.util.Set;

/** Hides the values of parameters that must not be recorded (semantic conventions, url.query). */
public final class Query {
  private static final String REDACTED = "REDACTED";

  private final String[] secret;

  /**
   * @param secret names of parameters; their case matters, as the conventions have it
   */
  public Query(Set<String> secret) {
    this.secret = secret.toArray(String[]::new);
  }

  /** The same string when there is nothing to hide, as nearly always. */
  public String redacted(String query) {
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

  private boolean isSecret(String query, int from, int to) {
    for (String name : secret) {
      if (name.length() == to - from && query.startsWith(name, from)) {
        return true;
      }
    }
    return false;
  }
}
