package io.sonde.pipeline.protocol.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sonde.pipeline.protocol.Detection;
import java.util.List;

/**
 * Recognises the first line of a message (RFC 9112 §3, §4):
 *
 * <pre>
 *   request-line = method SP request-target SP HTTP-version
 *   status-line  = HTTP-version SP status-code SP [ reason-phrase ]
 * </pre>
 */
final class StartLine {
  /** So much of a line that begins with a method not in the list is looked at. */
  private static final int MAX_UNKNOWN = 256;

  /** The longest registered one is UPDATEREDIRECTREF. */
  private static final int MAX_METHOD = 24;

  /** By byte; RFC 9110 §5.6.2. */
  private static final boolean[] TOKEN = new boolean[256];

  static {
    for (int c = '!'; c < 0x7f; c++) {
      TOKEN[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }
  }

  private static final byte[] VERSION = "HTTP/1.".getBytes(US_ASCII);

  /** {@code HTTP/1.1 200}: what a status line cannot do without. */
  static final int STATUS_LENGTH = 12;

  /** IANA's registry, in the order of their frequency; CONNECT apart for its form of target. */
  private static final List<byte[]> METHODS =
      List.of(
          "GET ".getBytes(US_ASCII),
          "POST ".getBytes(US_ASCII),
          "HEAD ".getBytes(US_ASCII),
          "PUT ".getBytes(US_ASCII),
          "DELETE ".getBytes(US_ASCII),
          "OPTIONS ".getBytes(US_ASCII),
          "PATCH ".getBytes(US_ASCII),
          "TRACE ".getBytes(US_ASCII),
          "PROPFIND ".getBytes(US_ASCII));

  private static final byte[] CONNECT = "CONNECT ".getBytes(US_ASCII);

  private StartLine() {}

  /**
   * @param atStart a message is known to begin here; otherwise what is left of a body may lie
   *     before the method, and is not to be taken for a part of it
   */
  static Detection detectRequest(boolean atStart, byte[] data, int offset, int end) {
    int start = skipLineEnds(data, offset, end);
    if (start == end) {
      return end - offset < MAX_UNKNOWN ? Detection.NEED_MORE : Detection.NO;
    }
    for (byte[] method : METHODS) {
      int matched = matched(method, data, start, end);
      if (matched == method.length) {
        return targetStart(atStart, data, start, start + matched, end);
      }
    }
    if (matched(CONNECT, data, start, end) == CONNECT.length) {
      return start + CONNECT.length == end
          ? Detection.NEED_MORE
          : yesOrNo(data[start + CONNECT.length] > ' ');
    }
    return detectWholeLine(atStart, data, start, end);
  }

  /** What follows a message on its connection: any token is a method (RFC 9110 §9.1). */
  static Detection detectNextRequest(byte[] data, int offset, int end) {
    int at = skipLineEnds(data, offset, end);
    int start = at;
    while (at < end && isTokenChar(data[at])) {
      at++;
    }
    if (at == end) {
      return Detection.NEED_MORE;
    }
    return yesOrNo(at > start && data[at] == ' ');
  }

  static Detection detectStatus(byte[] data, int offset, int end) {
    int length = Math.min(end - offset, STATUS_LENGTH);
    for (int i = 0; i < length; i++) {
      byte b = data[offset + i];
      boolean fits;
      if (i < VERSION.length) {
        fits = b == VERSION[i];
      } else if (i == VERSION.length + 1) {
        fits = b == ' ';
      } else {
        fits = isDigit(b) && (i != VERSION.length + 2 || b != '0');
      }
      if (!fits) {
        return Detection.NO;
      }
    }
    return length == STATUS_LENGTH ? Detection.YES : Detection.NEED_MORE;
  }

  /** RFC 9112 §2.2: empty lines before a request line are to be ignored. */
  static int skipLineEnds(byte[] data, int offset, int end) {
    int at = offset;
    while (at < end && (data[at] == '\r' || data[at] == '\n')) {
      at++;
    }
    return at;
  }

  /** Whether {@code HTTP/1.} and a digit are exactly what lies there. */
  static boolean isVersion(byte[] data, int from, int to) {
    return to - from == VERSION.length + 1
        && matched(VERSION, data, from, to) == VERSION.length
        && isDigit(data[to - 1]);
  }

  static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** RFC 9110 §5.6.2. */
  static boolean isTokenChar(byte b) {
    return TOKEN[b & 0xff];
  }

  /**
   * Origin form, asterisk form, or absolute form with the schemes that HTTP has. {@code GET} and a
   * word could be another protocol's, which the end of the line tells.
   */
  private static Detection targetStart(boolean atStart, byte[] data, int start, int at, int end) {
    if (at == end) {
      return Detection.NEED_MORE;
    }
    return isTargetStart(data[at]) ? Detection.YES : detectWholeLine(atStart, data, start, end);
  }

  private static boolean isTargetStart(byte b) {
    return b == '/' || b == '*' || (b | 0x20) == 'h';
  }

  private static Detection detectWholeLine(boolean atStart, byte[] data, int start, int end) {
    int limit = Math.min(end, start + MAX_UNKNOWN);
    int at = start;
    while (at < limit && (atStart ? isTokenChar(data[at]) : isMethodChar(data[at]))) {
      at++;
    }
    if (at == start || !atStart && at - start > MAX_METHOD || at < limit && data[at] != ' ') {
      return Detection.NO;
    }
    if (at == limit) {
      return limit < start + MAX_UNKNOWN ? Detection.NEED_MORE : Detection.NO;
    }
    int lineEnd = at;
    while (lineEnd < limit && data[lineEnd] != '\n') {
      if (data[lineEnd] < ' ' && data[lineEnd] != '\r') {
        return Detection.NO;
      }
      lineEnd++;
    }
    if (lineEnd == limit && limit < start + MAX_UNKNOWN) {
      return Detection.NEED_MORE;
    }
    if (lineEnd == limit) { // a target this long is nothing else's
      return yesOrNo(
          atStart
              && at + 1 < limit
              && isTargetStart(data[at + 1])
              && isVisible(data, at + 1, limit));
    }
    int to = data[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    int from = to - VERSION.length - 1;
    return yesOrNo(from - 2 > at && data[from - 1] == ' ' && isVersion(data, from, to));
  }

  /**
   * Any token would be a method, but all that are registered look so; and the end of a body before
   * a request must not be taken for the beginning of its method.
   */
  private static boolean isMethodChar(byte b) {
    return b >= 'A' && b <= 'Z' || b == '-' || b == '_';
  }

  private static boolean isVisible(byte[] data, int from, int to) {
    for (int i = from; i < to; i++) {
      if (data[i] <= ' ' || data[i] == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static Detection yesOrNo(boolean yes) {
    return yes ? Detection.YES : Detection.NO;
  }

  private static int matched(byte[] expected, byte[] data, int from, int to) {
    int n = 0;
    while (n < expected.length && from + n < to && data[from + n] == expected[n]) {
      n++;
    }
    return n;
  }
}
