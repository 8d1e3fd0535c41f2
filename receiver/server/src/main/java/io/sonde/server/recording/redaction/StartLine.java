package io.sonde.server.recording.redaction;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * The first line of a message (RFC 9112 §3, §4), redacted byte by byte.
 *
 * <p>A line that is whole in one record must be one of HTTP/1. Of one that is split, the beginning
 * is believed when it is a method that everybody knows and a target that looks like one.
 */
final class StartLine {
  /** What is known when {@link #redact} returns. */
  enum Result {
    /** The line goes on in the next bytes. */
    OPEN,
    REQUEST,
    STATUS,
    /** Not HTTP/1: the bytes from {@link #next} on have not been looked at. */
    REFUSED
  }

  private enum At {
    TOKEN,
    TARGET,
    SCHEME,
    AUTHORITY,
    PATH,
    PARAMETER,
    QUERY,
    OTHER_TARGET,
    VERSION,
    STATUS,
    REASON
  }

  private static final Set<String> METHODS =
      Set.of(
          "GET",
          "HEAD",
          "POST",
          "PUT",
          "DELETE",
          "CONNECT",
          "OPTIONS",
          "TRACE",
          "PATCH",
          "QUERY",
          "PROPFIND",
          "PROPPATCH",
          "MKCOL",
          "COPY",
          "MOVE",
          "LOCK",
          "UNLOCK",
          "REPORT",
          "SEARCH",
          "PURGE");

  private static final String PROTOCOL = "HTTP";
  private static final int MAX_TOKEN = 32;

  /** Digits stand for any digit. */
  private static final String VERSION = "HTTP/1.0";

  private static final String STATUS = "/1.0 000";

  private final byte[] token = new byte[MAX_TOKEN];
  private int tokenLength;
  private At at = At.TOKEN;
  private boolean whole;
  private boolean authorityBlanked;
  private int matched;
  private int status;
  private String scheme = "";
  private int next;

  void start() {
    at = At.TOKEN;
    tokenLength = 0;
    matched = 0;
    status = 0;
    whole = false;
    authorityBlanked = false;
  }

  /** Index of the first byte behind what {@link #redact} dealt with. */
  int next() {
    return next;
  }

  /** Of a request. */
  boolean isMethod(String name) {
    return method().equals(name);
  }

  private String method() {
    return new String(token, 0, tokenLength, StandardCharsets.ISO_8859_1);
  }

  /** Of an answer. */
  int status() {
    return status;
  }

  Result redact(byte[] data, int from, int end) {
    if (at == At.TOKEN && tokenLength == 0) {
      whole = isWhole(data, from, end);
    }
    for (int i = from; i < end; i++) {
      next = i;
      byte b = data[i];
      if (b == '\n' && isComplete()) {
        next = i + 1;
        return at == At.VERSION ? Result.REQUEST : Result.STATUS;
      }
      if (b == '\n' || !take(data, i, end)) {
        return Result.REFUSED;
      }
    }
    next = end;
    // The part that is here has been kept on the strength of what is known to follow.
    return at == At.TOKEN && !begins() ? Result.REFUSED : Result.OPEN;
  }

  /**
   * Whether the line that begins here ends in the same record, as a line of HTTP/1 does; to be
   * asked before the bytes are touched.
   */
  static boolean isWhole(byte[] data, int from, int end) {
    int lineEnd = from;
    while (lineEnd < end && data[lineEnd] != '\n') {
      lineEnd++;
    }
    if (lineEnd == end) {
      return false;
    }
    int last = lineEnd > from && data[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    String version = " " + VERSION;
    return matches(data, from, last, PROTOCOL + STATUS)
        || last - from > version.length() + 2
            && Character.isLetter(data[from])
            && matches(data, last - version.length(), last, version);
  }

  private static boolean matches(byte[] data, int from, int end, String pattern) {
    if (end - from < pattern.length()) {
      return false;
    }
    for (int i = 0; i < pattern.length(); i++) {
      if (!matches(data[from + i], pattern.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(byte b, char expected) {
    return expected == '0' ? b >= '0' && b <= '9' : b == expected;
  }

  private boolean isComplete() {
    return at == At.VERSION && matched == VERSION.length() || at == At.REASON;
  }

  private boolean take(byte[] data, int i, int end) {
    byte b = data[i];
    switch (at) {
      case TOKEN -> {
        return token(b);
      }
      case TARGET -> target(data, i, end);
      case SCHEME -> scheme(data, i);
      case AUTHORITY -> authority(data, i, end);
      case PATH, PARAMETER, QUERY -> path(data, i);
      case OTHER_TARGET -> other(data, i);
      case VERSION -> {
        return version(b);
      }
      case STATUS -> {
        return status(b);
      }
      case REASON -> {
        if (b != '\r') {
          data[i] = Blank.TEXT;
        }
      }
    }
    return at != At.OTHER_TARGET || whole;
  }

  private boolean token(byte b) {
    if (b == ' ') {
      at = At.TARGET;
      return tokenLength > 0 && (whole || METHODS.contains(method()));
    }
    if (b == '/' && method().equals(PROTOCOL)) {
      at = At.STATUS;
      return status(b);
    }
    if (tokenLength == MAX_TOKEN || !isTokenChar(b)) {
      return false;
    }
    token[tokenLength++] = b;
    return whole || begins();
  }

  /** Whether what is there of the token can be the beginning of one that everybody knows. */
  private boolean begins() {
    String begun = method();
    return PROTOCOL.startsWith(begun) || METHODS.stream().anyMatch(m -> m.startsWith(begun));
  }

  static boolean isTokenChar(byte b) {
    return b >= 'a' && b <= 'z'
        || b >= 'A' && b <= 'Z'
        || b >= '0' && b <= '9'
        || "!#$%&'*+-.^_`|~".indexOf(b) >= 0;
  }

  private void target(byte[] data, int i, int end) {
    byte b = data[i];
    if (b == '/' || b == '*') {
      at = At.PATH;
    } else if (isMethod("CONNECT")) {
      at = At.AUTHORITY;
      matched = 0;
      authority(data, i, end);
    } else {
      at = At.SCHEME;
      scheme = "http";
      matched = 0;
      scheme(data, i);
    }
  }

  private void scheme(byte[] data, int i) {
    byte b = data[i];
    if (matched == 4 && scheme.equals("http")) {
      scheme = b == 's' || b == 'S' ? "https://" : "http://";
    }
    if (Character.toLowerCase(b) != scheme.charAt(matched)) {
      at = At.OTHER_TARGET;
      other(data, i);
      return;
    }
    matched++;
    if (matched > 4 && matched == scheme.length()) {
      at = At.AUTHORITY;
      matched = 0;
    }
  }

  /** Kept when it can be seen that it has no credentials. */
  private void authority(byte[] data, int i, int end) {
    byte b = data[i];
    if (endsAuthority(b)) {
      path(data, i);
      return;
    }
    if (matched == 0) {
      matched = 1;
      authorityBlanked = !isPlainAuthority(data, i, end);
    }
    if (authorityBlanked) {
      data[i] = Blank.TEXT;
    }
  }

  private static boolean isPlainAuthority(byte[] data, int from, int end) {
    for (int i = from; i < end; i++) {
      if (data[i] == '@') {
        return false;
      }
      if (endsAuthority(data[i])) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsAuthority(byte b) {
    return b == '/' || b == '?' || b == ' ' || b == '\r';
  }

  private void path(byte[] data, int i) {
    byte b = data[i];
    if (b == ' ') {
      at = At.VERSION;
      matched = 0;
    } else if (at == At.QUERY) {
      if (b != '&' && b != '=') {
        data[i] = Blank.TEXT;
      }
    } else if (b == '?') {
      at = At.QUERY;
    } else if (b == '/') {
      at = At.PATH;
    } else if (at == At.PARAMETER) {
      data[i] = Blank.TEXT;
    } else if (b == ';') {
      at = At.PARAMETER;
    }
  }

  private void other(byte[] data, int i) {
    if (data[i] == ' ') {
      at = At.VERSION;
      matched = 0;
    } else {
      data[i] = Blank.TEXT;
    }
  }

  private boolean version(byte b) {
    if (matched == VERSION.length()) {
      return b == '\r';
    }
    return matches(b, VERSION.charAt(matched++));
  }

  private boolean status(byte b) {
    if (matched == STATUS.length()) {
      at = At.REASON;
      return b == ' ' || b == '\r';
    }
    if (!matches(b, STATUS.charAt(matched++))) {
      return false;
    }
    if (matched > STATUS.length() - 3) {
      status = 10 * status + (b - '0');
    }
    return true;
  }
}
