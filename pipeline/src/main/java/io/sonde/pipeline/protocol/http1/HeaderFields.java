package io.sonde.pipeline.protocol.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The few fields of a head that are needed (RFC 9112 §5), read from its bytes without making an
 * object per field. One instance is used again for each head. A line that is no field is passed
 * over: what the peer makes of it, its answer tells.
 */
final class HeaderFields {
  static final long NO_LENGTH = -1;

  /** Not a number, too large, or two that differ: the message cannot be framed (RFC 9112 §6.3). */
  static final long BAD_LENGTH = -2;

  private static final byte[] HOST = "host".getBytes(US_ASCII);
  private static final byte[] USER_AGENT = "user-agent".getBytes(US_ASCII);
  private static final byte[] CONTENT_LENGTH = "content-length".getBytes(US_ASCII);
  private static final byte[] TRANSFER_ENCODING = "transfer-encoding".getBytes(US_ASCII);
  private static final byte[] CONTENT_TYPE = "content-type".getBytes(US_ASCII);
  private static final byte[] TRACE_PARENT = "traceparent".getBytes(US_ASCII);
  private static final byte[] TRACE_STATE = "tracestate".getBytes(US_ASCII);
  private static final byte[] CHUNKED = "chunked".getBytes(US_ASCII);
  private static final int MAX_LENGTH_DIGITS = 18;

  /** Longer values of the fields below are of no use to anyone, and memory to an attacker. */
  private static final int MAX_CONTENT_TYPE = 256;

  private static final int MAX_TRACE_PARENT = 256;

  /** W3C Trace Context §3.3.1.5 asks for at least 512. */
  private static final int MAX_TRACE_STATE = 1024;

  private byte[] data;
  int hostFrom;
  int hostTo;
  int userAgentFrom;
  int userAgentTo;
  int contentTypeFrom;
  int contentTypeTo;
  private int traceParents;
  private int traceParentFrom;
  private int traceParentTo;
  private int traceStates;
  private String traceState;
  long contentLength;
  boolean transferEncoding;

  /** Whether chunked is the last transfer coding. */
  boolean chunked;

  /**
   * @param from behind the start line
   * @param to behind the head; a last line without its end is not read
   */
  void read(byte[] head, int from, int to) {
    data = head;
    hostFrom = hostTo = userAgentFrom = userAgentTo = 0;
    contentTypeFrom = contentTypeTo = 0;
    traceParents = traceStates = 0;
    traceState = null;
    contentLength = NO_LENGTH;
    transferEncoding = chunked = false;
    int lineStart = from;
    for (int at = from; at < to; at++) {
      if (head[at] == '\n') {
        if (mayMatter(head[lineStart])) {
          field(lineStart, at > lineStart && head[at - 1] == '\r' ? at - 1 : at);
        }
        lineStart = at + 1;
      }
    }
  }

  /** Value of the only traceparent field; null when there is none, several, or it is too long. */
  String traceParent() {
    int length = traceParentTo - traceParentFrom;
    boolean usable = traceParents == 1 && length > 0 && length <= MAX_TRACE_PARENT;
    return usable ? text(traceParentFrom, traceParentTo) : null;
  }

  /** Values of all tracestate fields as one list; null when there is none or it is too long. */
  String traceState() {
    return traceState;
  }

  /** Most lines are told by their first letter to be none of ours. */
  private static boolean mayMatter(byte first) {
    int letter = first | 0x20;
    return letter == 'c' || letter == 'h' || letter == 't' || letter == 'u';
  }

  private void field(int from, int to) {
    int colon = from;
    while (colon < to && data[colon] != ':') {
      colon++;
    }
    if (colon == to) {
      return;
    }
    int valueFrom = colon + 1;
    while (valueFrom < to && isBlank(data[valueFrom])) {
      valueFrom++;
    }
    int valueTo = to;
    while (valueTo > valueFrom && isBlank(data[valueTo - 1])) {
      valueTo--;
    }
    if (isName(HOST, from, colon) && isText(valueFrom, valueTo)) {
      hostFrom = valueFrom;
      hostTo = valueTo;
    } else if (isName(USER_AGENT, from, colon) && isText(valueFrom, valueTo)) {
      userAgentFrom = valueFrom;
      userAgentTo = valueTo;
    } else if (isName(CONTENT_LENGTH, from, colon)) {
      contentLength(valueFrom, valueTo);
    } else if (isName(TRANSFER_ENCODING, from, colon)) {
      transferEncoding = true;
      chunked =
          valueTo - valueFrom >= CHUNKED.length
              && matches(CHUNKED, valueTo - CHUNKED.length, valueTo);
    } else if (isName(TRACE_PARENT, from, colon)) {
      traceParents++;
      traceParentFrom = valueFrom;
      traceParentTo = isText(valueFrom, valueTo) ? valueTo : valueFrom;
    } else if (isName(TRACE_STATE, from, colon)) {
      traceState(valueFrom, valueTo);
    } else if (isName(CONTENT_TYPE, from, colon)
        && valueTo - valueFrom <= MAX_CONTENT_TYPE
        && isText(valueFrom, valueTo)) {
      contentTypeFrom = valueFrom;
      contentTypeTo = valueTo;
    }
  }

  /** RFC 9110 §5.3: several fields are one list. One that cannot be taken spoils all of it. */
  private void traceState(int from, int to) {
    boolean first = traceStates++ == 0;
    int length = to - from + (traceState == null ? 0 : traceState.length() + 1);
    if (length > MAX_TRACE_STATE || !isText(from, to)) {
      traceState = null;
    } else if (first) {
      traceState = text(from, to);
    } else if (traceState != null) {
      traceState = traceState + ',' + text(from, to);
    }
  }

  private String text(int from, int to) {
    return new String(data, from, to - from, ISO_8859_1);
  }

  /** RFC 9110 §8.6: a list of equal numbers counts as one. */
  private void contentLength(int from, int to) {
    int at = from;
    do {
      long value = 0;
      int digits = 0;
      while (at < to && StartLine.isDigit(data[at]) && digits < MAX_LENGTH_DIGITS) {
        value = value * 10 + data[at++] - '0';
        digits++;
      }
      while (at < to && isBlank(data[at])) {
        at++;
      }
      boolean whole = digits > 0 && (at == to || data[at] == ',');
      boolean same = contentLength == NO_LENGTH || contentLength == value;
      contentLength = whole && same ? value : BAD_LENGTH;
      at++;
      while (at < to && isBlank(data[at])) {
        at++;
      }
    } while (at < to && contentLength != BAD_LENGTH);
  }

  private boolean isName(byte[] name, int from, int to) {
    return to - from == name.length && matches(name, from, to);
  }

  private boolean matches(byte[] lowerCase, int from, int to) {
    for (int i = from; i < to; i++) {
      int b = data[i];
      if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != lowerCase[i - from]) {
        return false;
      }
    }
    return true;
  }

  /** Without control characters, which have no place in a value and do harm where it is shown. */
  private boolean isText(int from, int to) {
    for (int i = from; i < to; i++) {
      if (data[i] >= 0 && data[i] < ' ' && data[i] != '\t' || data[i] == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
