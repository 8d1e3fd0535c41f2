package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.protocol.MalformedMessageException;
import io.sonde.pipeline.protocol.http1.grpcweb.GrpcWebBody;

/** Finds the end of a message's body (RFC 9112 §6.3, §7.1) in bytes and over gaps. */
final class BodyReader {
  /** How the end is known. */
  enum Framing {
    /** There is none, or it has been reached. */
    ENDED,
    LENGTH,
    CHUNKED,
    /** When the connection closes. */
    CLOSE,
    /** Its framing was not captured: when the conversation turns or the connection closes. */
    UNKNOWN
  }

  /**
   * Where in a chunk:
   *
   * <pre>
   *   SIZE hex, EXTENSION … CR, SIZE_LF LF   DATA …   DATA_CR CR  DATA_LF LF     (repeated)
   *   "0" … CR LF   TRAILER_START [TRAILER … CR LF]*  CR  LAST_LF LF
   * </pre>
   */
  private enum Chunk {
    SIZE,
    /** Blanks behind the size: only an extension or the end of the line may follow. */
    BLANK,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START,
    TRAILER,
    LAST_LF
  }

  /** More hex digits than any size has; keeps the sum far from overflow. */
  private static final int MAX_SIZE_DIGITS = 13;

  static final long UNKNOWN_SIZE = -1;

  private Framing framing = Framing.ENDED;
  private boolean chunkedAtFirst;
  private long payload;

  /** Of a LENGTH body, or of the chunk. */
  private long left;

  private Chunk chunk = Chunk.SIZE;
  private int sizeDigits;

  /** Null where nobody wants to know what is in the body. */
  private GrpcWebBody content;

  /** From the start of the body that has just been started; until its end. */
  void readInto(GrpcWebBody itsContent) {
    content = itsContent;
    if (content != null && framing == Framing.UNKNOWN) {
      content.lose();
    }
  }

  void start(Framing how, long length) {
    if (framing != Framing.ENDED) {
      loseContent();
    }
    content = null;
    framing = how == Framing.LENGTH && length == 0 ? Framing.ENDED : how;
    chunkedAtFirst = how == Framing.CHUNKED;
    payload = how == Framing.UNKNOWN ? UNKNOWN_SIZE : 0;
    left = length;
    startChunk();
  }

  /** A message whose framing was not captured but is told to be chunked: its tail shows its end. */
  void startUnknown(boolean chunked) {
    start(Framing.UNKNOWN, 0);
    chunkedAtFirst = chunked;
  }

  Framing framing() {
    return framing;
  }

  boolean ended() {
    return framing == Framing.ENDED;
  }

  /** Bytes of content so far, without framing; -1 when not known. */
  long payload() {
    return payload;
  }

  /**
   * @return the offset behind the last byte that belongs to this body
   */
  int read(byte[] data, int offset, int end) throws MalformedMessageException {
    switch (framing) {
      case LENGTH -> {
        int to = offset + (int) skip(end - offset);
        content(data, offset, to);
        return to;
      }
      case CHUNKED -> {
        return readChunks(data, offset, end);
      }
      case CLOSE -> {
        payload += end - offset;
        content(data, offset, end);
        return end;
      }
      case UNKNOWN -> {
        return end;
      }
      case ENDED -> {
        return offset;
      }
    }
    throw new IllegalStateException("no such framing: " + framing);
  }

  /**
   * Passes over bytes that were not captured.
   *
   * @return how many of them are behind the end of this body
   */
  long gap(long length) {
    switch (framing) {
      case LENGTH -> {
        long skipped = skip(length);
        contentGap(skipped);
        return length - skipped;
      }
      case CHUNKED -> gapInChunks(length);
      case CLOSE -> {
        payload += length;
        contentGap(length);
      }
      case UNKNOWN -> {}
      case ENDED -> {
        return length;
      }
    }
    return 0;
  }

  /** The last bytes so far, of a stretch that was not captured, may show the last chunk. */
  void tail(byte[] tail, int length) {
    if (framing == Framing.UNKNOWN && chunkedAtFirst && isLastChunk(tail, length)) {
      framing = Framing.ENDED;
    }
  }

  /** {@code 0 CR LF CR LF}, and before it, where that is told, the line end of the chunk before. */
  private static boolean isLastChunk(byte[] tail, int length) {
    return length >= 5
        && tail[length - 1] == '\n'
        && tail[length - 2] == '\r'
        && tail[length - 3] == '\n'
        && tail[length - 4] == '\r'
        && tail[length - 5] == '0'
        && (length < 6 || tail[length - 6] == '\n')
        && (length < 7 || tail[length - 7] == '\r');
  }

  private long skip(long length) {
    long skipped = Math.min(length, left);
    left -= skipped;
    payload += skipped;
    if (left == 0) {
      framing = Framing.ENDED;
    }
    return skipped;
  }

  private void startChunk() {
    chunk = Chunk.SIZE;
    sizeDigits = 0;
    if (framing == Framing.CHUNKED) {
      left = 0;
    }
  }

  private void gapInChunks(long length) {
    long rest = length;
    if (chunk == Chunk.DATA) {
      long skipped = skipChunkData(rest);
      contentGap(skipped);
      rest -= skipped;
    }
    if (chunk == Chunk.DATA_CR && rest > 0) {
      chunk = Chunk.DATA_LF;
      rest--;
    }
    if (chunk == Chunk.DATA_LF && rest > 0) {
      startChunk();
      rest--;
    }
    if (rest > 0) {
      framing = Framing.UNKNOWN;
      payload = UNKNOWN_SIZE;
      loseContent();
    }
  }

  private void content(byte[] data, int from, int to) {
    if (content != null) {
      content.bytes(data, from, to);
    }
  }

  private void contentGap(long length) {
    if (content != null) {
      content.gap(length);
    }
  }

  private void loseContent() {
    if (content != null) {
      content.lose();
    }
  }

  private long skipChunkData(long length) {
    long skipped = Math.min(length, left);
    left -= skipped;
    payload += skipped;
    if (left == 0) {
      chunk = Chunk.DATA_CR;
    }
    return skipped;
  }

  private int readChunks(byte[] data, int offset, int end) throws MalformedMessageException {
    int at = offset;
    while (at < end) {
      if (chunk == Chunk.DATA) {
        int from = at;
        at += (int) skipChunkData(end - at);
        content(data, from, at);
        continue;
      }
      byte b = data[at++];
      switch (chunk) {
        case SIZE -> size(b);
        case BLANK -> afterSize(b);
        case EXTENSION -> {
          if (b == '\r') {
            chunk = Chunk.SIZE_LF;
          } else if (b == '\n') {
            throw malformed("CR before LF");
          }
        }
        case SIZE_LF -> {
          expect(b, '\n', "LF behind a chunk's size");
          chunk = left == 0 ? Chunk.TRAILER_START : Chunk.DATA;
        }
        case DATA_CR -> {
          expect(b, '\r', "CR behind a chunk");
          chunk = Chunk.DATA_LF;
        }
        case DATA_LF -> {
          expect(b, '\n', "LF behind a chunk");
          startChunk();
        }
        case TRAILER_START -> {
          if (b == '\n') {
            framing = Framing.ENDED;
            return at;
          }
          chunk = b == '\r' ? Chunk.LAST_LF : Chunk.TRAILER;
        }
        case TRAILER -> {
          if (b == '\n') {
            chunk = Chunk.TRAILER_START;
          }
        }
        case LAST_LF -> {
          expect(b, '\n', "LF at the end of the body");
          framing = Framing.ENDED;
          return at;
        }
        case DATA -> throw new IllegalStateException("data is skipped above");
      }
    }
    return at;
  }

  private void size(byte b) throws MalformedMessageException {
    int digit = Character.digit(b, 16);
    if (digit >= 0 && sizeDigits < MAX_SIZE_DIGITS) {
      left = left << 4 | digit;
      sizeDigits++;
    } else if (sizeDigits == 0 || digit >= 0) {
      throw malformed("the size of a chunk");
    } else {
      afterSize(b);
    }
  }

  /**
   * RFC 9112 §7.1.1. A line end that is not CR LF is where readers differ, so it is not one here,
   * other than in heads and trailers (§2.2).
   */
  private void afterSize(byte b) throws MalformedMessageException {
    chunk =
        switch (b) {
          case '\r' -> Chunk.SIZE_LF;
          case ';' -> Chunk.EXTENSION;
          case ' ', '\t' -> Chunk.BLANK;
          default -> throw malformed("the end of a chunk's size");
        };
  }

  private void expect(byte b, char expected, String what) throws MalformedMessageException {
    if (b != expected) {
      throw malformed(what);
    }
  }

  private MalformedMessageException malformed(String expected) {
    return new MalformedMessageException(Http1Protocol.NAME, payload, expected);
  }
}
