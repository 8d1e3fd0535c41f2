package io.sonde.pipeline.protocol.http2;

/**
 * {@code [ userinfo "@" ] host [ ":" port ]} (RFC 9113 §8.3.1), of the latest request: the next one
 * mostly has the same.
 */
final class Authority {
  private static final int MAX_PORT_DIGITS = 5;

  private String text = "";
  private String host;
  private int port;

  /**
   * @param value null: there is none
   */
  void read(String value) {
    String next = value == null ? "" : value;
    if (next.equals(text)) {
      return;
    }
    text = next;
    int from = next.lastIndexOf('@') + 1; // a user and password before it are never kept
    int to = next.length();
    int colon = to;
    while (colon > from && isDigit(next.charAt(colon - 1))) {
      colon--;
    }
    port = 0;
    if (colon > from && next.charAt(colon - 1) == ':') {
      if (colon < to && to - colon <= MAX_PORT_DIGITS) {
        port = Integer.parseInt(next, colon, to, 10);
        to = colon - 1;
      }
    }
    if (to - from > 2 && next.charAt(from) == '[' && next.charAt(to - 1) == ']') {
      from++;
      to--;
    }
    host = to > from ? next.substring(from, to) : null;
  }

  /** Without port; null when there is none. */
  String host() {
    return host;
  }

  /** 0 when there is none. */
  int port() {
    return port;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
