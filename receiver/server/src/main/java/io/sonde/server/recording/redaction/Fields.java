package io.sonde.server.recording.redaction;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * The header or trailer fields of a message (RFC 9112 §5), redacted byte by byte; learns on the way
 * how its body is framed.
 */
final class Fields {
  /** What is known when {@link #redact} returns. */
  enum Result {
    /** They go on in the next bytes. */
    OPEN,
    /** The empty line has come. */
    ENDED,
    /** Not fields: the bytes from {@link #next} on have not been looked at. */
    REFUSED
  }

  private enum At {
    LINE,
    NAME,
    VALUE,
    LAST_LF
  }

  /** Needed to frame a message, to name its ends, or to find its trace; no place for secrets. */
  static final Set<String> KEPT =
      Set.of(
          "accept",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "date",
          "expect",
          "host",
          "keep-alive",
          "server",
          "te",
          "traceparent",
          "tracestate",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent");

  private static final int MAX_NAME = 64;
  private static final int MAX_CODING = 64;

  /** More digits than any length has; keeps it far from overflow. */
  private static final int MAX_DIGITS = 15;

  static final long NONE = -1;

  private final byte[] name = new byte[MAX_NAME];
  private final StringBuilder coding = new StringBuilder();
  private At at = At.LINE;
  private int nameLength;
  private boolean kept;
  private boolean lengthField;
  private boolean codingField;
  private long length;
  private int lengthDigits;
  private boolean lengthEnded;
  private long contentLength;
  private boolean unframed;
  private int next;

  void start() {
    at = At.LINE;
    coding.setLength(0);
    contentLength = NONE;
    unframed = false;
    kept = false;
    lengthField = false;
    codingField = false;
  }

  /** Index of the first byte behind what {@link #redact} dealt with. */
  int next() {
    return next;
  }

  /** {@link #NONE} without one. */
  long contentLength() {
    return contentLength;
  }

  /** Whether there is a Transfer-Encoding. */
  boolean isCoded() {
    return coding.length() > 0;
  }

  /** Whether its last coding is chunked. */
  boolean isChunked() {
    String codings = coding.toString();
    return codings.substring(codings.lastIndexOf(',') + 1).strip().equals("chunked");
  }

  /** Whether what was said of the framing cannot be relied on. */
  boolean isUnframed() {
    return unframed;
  }

  Result redact(byte[] data, int from, int end) {
    for (int i = from; i < end; i++) {
      next = i;
      byte b = data[i];
      switch (at) {
        case LINE -> {
          if (b == '\n') {
            next = i + 1;
            return Result.ENDED;
          }
          line(data, i);
        }
        case NAME -> name(data, i);
        case VALUE -> value(data, i);
        case LAST_LF -> {
          if (b != '\n') {
            return Result.REFUSED;
          }
          next = i + 1;
          return Result.ENDED;
        }
      }
    }
    next = end;
    return Result.OPEN;
  }

  private void line(byte[] data, int i) {
    byte b = data[i];
    if (b == '\r') {
      at = At.LAST_LF;
    } else if (b == ' ' || b == '\t') { // obs-fold: the value of the field before goes on
      unframed |= lengthField || codingField;
      kept = false;
      at = At.VALUE;
    } else {
      nameLength = 0;
      at = At.NAME;
      name(data, i);
    }
  }

  private void name(byte[] data, int i) {
    byte b = data[i];
    if (b == ':') {
      beginValue(new String(name, 0, nameLength, StandardCharsets.ISO_8859_1));
    } else if (b == '\n') {
      beginValue("");
      at = At.LINE;
    } else if (nameLength < MAX_NAME && StartLine.isTokenChar(b)) {
      name[nameLength++] = b;
    } else { // no name of a field: nothing behind it is kept either
      beginValue("");
      value(data, i);
    }
  }

  private void beginValue(String field) {
    String lower = field.toLowerCase(Locale.ROOT);
    kept = KEPT.contains(lower);
    lengthField = lower.equals("content-length");
    codingField = lower.equals("transfer-encoding");
    length = 0;
    lengthDigits = 0;
    lengthEnded = false;
    if (codingField && coding.length() > 0) {
      coding.append(',');
    }
    at = At.VALUE;
  }

  private void value(byte[] data, int i) {
    byte b = data[i];
    if (b == '\n') {
      endValue();
      at = At.LINE;
    } else if (b != '\r' && b != ' ' && b != '\t') {
      if (lengthField) {
        lengthDigit(b);
      } else if (codingField) {
        codingChar(b);
      }
    } else if (lengthField && lengthDigits > 0) {
      lengthEnded = true;
    }
    if (!kept && b != '\n' && b != '\r') {
      data[i] = Blank.TEXT;
    }
  }

  private void lengthDigit(byte b) {
    boolean digit = b >= '0' && b <= '9';
    if (!digit || lengthEnded || lengthDigits == MAX_DIGITS) {
      unframed = true;
      return;
    }
    length = 10 * length + (b - '0');
    lengthDigits++;
  }

  private void codingChar(byte b) {
    if (coding.length() < MAX_CODING) {
      coding.append((char) Character.toLowerCase(b & 0xff));
    } else {
      unframed = true;
    }
  }

  private void endValue() {
    if (lengthField) {
      unframed |= lengthDigits == 0 || contentLength != NONE && contentLength != length;
      contentLength = length;
      lengthField = false;
    }
  }
}
