package io.sonde.server.recording.redaction;

/** The content of a message (RFC 9112 §6, §7): all of it is blanked but what frames chunks. */
final class Body {
  private enum At {
    ENDED,
    LENGTH,
    CLOSE,
    CHUNK_SIZE,
    CHUNK_EXTENSION,
    CHUNK_DATA,
    CHUNK_END,
    TRAILERS,
    REFUSED
  }

  private static final int MAX_SIZE_DIGITS = 13;

  private final Fields trailers = new Fields();
  private At at = At.ENDED;
  private long left;
  private int sizeDigits;

  void none() {
    at = At.ENDED;
  }

  void ofLength(long length) {
    left = length;
    at = length == 0 ? At.ENDED : At.LENGTH;
  }

  void chunked() {
    left = 0;
    sizeDigits = 0;
    at = At.CHUNK_SIZE;
  }

  void untilClose() {
    at = At.CLOSE;
  }

  boolean isEnded() {
    return at == At.ENDED;
  }

  /** Whether its end cannot be found any more. */
  boolean isRefused() {
    return at == At.REFUSED;
  }

  /**
   * @return index of the first byte behind what was dealt with: the end of the body or of the bytes
   */
  int redact(byte[] data, int from, int end) {
    int i = from;
    while (i < end && at != At.ENDED && at != At.REFUSED) {
      switch (at) {
        case LENGTH, CHUNK_DATA, CLOSE -> i = content(data, i, end);
        case TRAILERS -> i = trailers(data, i, end);
        default -> framing(data, i++);
      }
    }
    return i;
  }

  /** Bytes that were not captured. */
  void gap(long length) {
    switch (at) {
      case CLOSE -> {}
      case LENGTH, CHUNK_DATA -> {
        if (length > left) {
          at = At.REFUSED;
        } else {
          skip(length);
        }
      }
      default -> at = At.REFUSED;
    }
  }

  private int content(byte[] data, int from, int end) {
    int to = at == At.CLOSE ? end : from + (int) Math.min(end - from, left);
    Blank.data(data, from, to);
    if (at != At.CLOSE) {
      skip(to - from);
    }
    return to;
  }

  private void skip(long length) {
    left -= length;
    if (left == 0) {
      at = at == At.LENGTH ? At.ENDED : At.CHUNK_END;
    }
  }

  private int trailers(byte[] data, int from, int end) {
    switch (trailers.redact(data, from, end)) {
      case OPEN -> {}
      case ENDED -> at = At.ENDED;
      case REFUSED -> at = At.REFUSED;
    }
    return trailers.next();
  }

  private void framing(byte[] data, int i) {
    byte b = data[i];
    switch (at) {
      case CHUNK_SIZE -> size(data, i);
      case CHUNK_EXTENSION -> {
        if (b == '\n') {
          sizeEnded();
        } else if (b != '\r') {
          data[i] = Blank.TEXT;
        }
      }
      case CHUNK_END -> {
        if (b == '\n') {
          chunked();
        } else if (b != '\r') {
          refuse(data, i);
        }
      }
      default -> throw new IllegalStateException("no framing: " + at);
    }
  }

  private void size(byte[] data, int i) {
    byte b = data[i];
    int digit = Character.digit(b, 16);
    if (digit >= 0 && sizeDigits < MAX_SIZE_DIGITS) {
      left = left << 4 | digit;
      sizeDigits++;
    } else if (b == '\n' && sizeDigits > 0) {
      sizeEnded();
    } else if (b == '\r' && sizeDigits > 0) {
      at = At.CHUNK_EXTENSION;
    } else if ((b == ';' || b == ' ' || b == '\t') && sizeDigits > 0) {
      at = At.CHUNK_EXTENSION;
    } else {
      refuse(data, i);
    }
  }

  private void refuse(byte[] data, int i) {
    Blank.data(data, i, i + 1);
    at = At.REFUSED;
  }

  private void sizeEnded() {
    if (left > 0) {
      at = At.CHUNK_DATA;
    } else {
      trailers.start();
      at = At.TRAILERS;
    }
  }
}
