package io.sonde.pipeline.protocol.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sonde.pipeline.exchange.GrpcStatus;

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
  private static final byte[] GRPC_STATUS = "grpc-status".getBytes(US_ASCII);
  private static final byte[] UPGRADE = "upgrade".getBytes(US_ASCII);
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
  private int hosts;
  int userAgentFrom;
  int userAgentTo;
  int contentTypeFrom;
  int contentTypeTo;
  int upgradeFrom;
  int upgradeTo;

  /** {@link GrpcStatus#NONE} where there is none. */
  int grpcStatus;

  private int traceParents;
  private int traceParentFrom;
  private int traceParentTo;
  private int traceStates;
  private String traceState;
  long contentLength;
  boolean transferEncoding;

  /** Whether chunked is the last transfer coding. */
  boolean chunked;

  /** A line continued another (obs-fold, RFC 9112 §5.2): a server is to refuse the request. */
  boolean folded;

  /** Some take a field for one that frames the message, where others don't (RFC 9112 §11.2). */
  boolean dubiousFraming;

  private boolean lastFieldFrames;

  /**
   * @param from behind the start line
   * @param to behind the head; a last line without its end is not read
   */
  void read(byte[] head, int from, int to) {
    data = head;
    hostFrom = hostTo = userAgentFrom = userAgentTo = 0;
    contentTypeFrom = contentTypeTo = upgradeFrom = upgradeTo = 0;
    hosts = traceParents = traceStates = 0;
    grpcStatus = GrpcStatus.NONE;
    traceState = null;
    contentLength = NO_LENGTH;
    transferEncoding = chunked = folded = dubiousFraming = lastFieldFrames = false;
    int lineStart = from;
    for (int at = from; at < to; at++) {
      byte b = head[at];
      if (b > '\r') {
        continue;
      }
      if (b == '\n') {
        line(lineStart, at > lineStart && head[at - 1] == '\r' ? at - 1 : at);
        lineStart = at + 1;
      } else if (b >= 0 && b != '\t' && !isLineEnd(at, to)) {
        // RFC 9112 §2.2, RFC 9110 §5.5: refused by some, a blank or the end of the line to others.
        dubiousFraming = true;
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

  /** Null when absent, too long, or not text. */
  String contentType() {
    return contentTypeTo > contentTypeFrom ? text(contentTypeFrom, contentTypeTo) : null;
  }

  /** The only Host field is there and says something (RFC 9112 §3.2: several are none). */
  boolean hasHost() {
    return hosts == 1 && hostTo > hostFrom;
  }

  /** Whether the value is this one; letters in any case. */
  boolean upgradesTo(byte[] lowerCase) {
    return isName(lowerCase, upgradeFrom, upgradeTo);
  }

  private boolean isLineEnd(int at, int to) {
    return data[at] == '\r' && (at + 1 == to || data[at + 1] == '\n');
  }

  private void line(int from, int to) {
    if (from == to) {
      return;
    }
    byte first = data[from];
    if (isBlank(first)) {
      folded = true;
      dubiousFraming |= lastFieldFrames;
      return;
    }
    lastFieldFrames = false;
    if (mayMatter(first)) {
      field(from, to);
    }
  }

  /** Most lines are told by their first letter to be none of ours. */
  private static boolean mayMatter(byte first) {
    int letter = first | 0x20;
    return letter == 'c' || letter == 'g' || letter == 'h' || letter == 't' || letter == 'u';
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
    int nameTo = colon;
    while (nameTo > from && isBlank(data[nameTo - 1])) {
      nameTo--;
    }
    if (isName(CONTENT_LENGTH, from, nameTo)) {
      lastFieldFrames = true;
      dubiousFraming |= nameTo < colon; // RFC 9112 §5.1
      contentLength(valueFrom, valueTo);
    } else if (isName(TRANSFER_ENCODING, from, nameTo)) {
      lastFieldFrames = true;
      dubiousFraming |= nameTo < colon;
      transferCodings(valueFrom, valueTo);
    } else if (nameTo == colon) {
      otherField(from, colon, valueFrom, valueTo);
    }
  }

  private void otherField(int from, int colon, int valueFrom, int valueTo) {
    if (isName(TRACE_STATE, from, colon)) {
      traceState(valueFrom, valueTo);
      return;
    }
    boolean text = isText(valueFrom, valueTo);
    if (isName(HOST, from, colon)) {
      hosts++;
      hostFrom = valueFrom;
      hostTo = text ? valueTo : valueFrom;
    } else if (isName(TRACE_PARENT, from, colon)) {
      traceParents++;
      traceParentFrom = valueFrom;
      traceParentTo = text ? valueTo : valueFrom;
    } else if (!text) {
      return;
    } else if (isName(USER_AGENT, from, colon)) {
      userAgentFrom = valueFrom;
      userAgentTo = valueTo;
    } else if (isName(UPGRADE, from, colon)) {
      upgradeFrom = valueFrom;
      upgradeTo = valueTo;
    } else if (isName(GRPC_STATUS, from, colon)) {
      grpcStatus = GrpcStatus.parse(text(valueFrom, valueTo));
    } else if (isName(CONTENT_TYPE, from, colon) && valueTo - valueFrom <= MAX_CONTENT_TYPE) {
      contentTypeFrom = valueFrom;
      contentTypeTo = valueTo;
    }
  }

  /** RFC 9112 §6.1: a list, which may go on in another field; chunked is the last, and once. */
  private void transferCodings(int from, int to) {
    transferEncoding = true;
    int start = from;
    for (int at = from; at <= to; at++) {
      if (at == to || data[at] == ',') {
        transferCoding(start, at);
        start = at + 1;
      }
    }
  }

  private void transferCoding(int from, int to) {
    int start = from;
    int end = to;
    while (start < end && isBlank(data[start])) {
      start++;
    }
    while (end > start && isBlank(data[end - 1])) {
      end--;
    }
    if (start < end) {
      dubiousFraming |= chunked;
      chunked = isName(CHUNKED, start, end);
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
