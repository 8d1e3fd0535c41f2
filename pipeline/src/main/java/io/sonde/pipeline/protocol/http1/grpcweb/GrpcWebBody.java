package io.sonde.pipeline.protocol.http1.grpcweb;

import io.sonde.pipeline.exchange.GrpcStatus;
import java.util.Locale;

/**
 * Counts the messages of one body and finds its status, in bytes and over gaps:
 *
 * <pre>
 *   flags (8)  length (32)  message           flags: 1 compressed
 *   …
 *   flags (8)  length (32)  trailers          flags: 0x80
 * </pre>
 *
 * <p>Of {@code grpc-web-text} all of that is base64, in one piece or several, each padded. A gap in
 * a message does no harm; one over a prefix, or in base64, leaves what comes after it unknown.
 */
public final class GrpcWebBody {
  public static final long UNKNOWN = -1;

  private static final String BINARY = "application/grpc-web";
  private static final String TEXT = "application/grpc-web-text";
  private static final int PREFIX_LENGTH = 5;
  private static final int COMPRESSED = 0x01;
  private static final int TRAILERS = 0x80;

  private final Base64Text text; // null: binary
  private boolean known = true;
  private int prefixLength;
  private int flags;

  /** Of the frame: as far as its prefix has come, then what has not come yet. */
  private long left;

  private long messages;
  private long messageBytes;
  private WebTrailers trailers; // null as long as there are none

  private GrpcWebBody(boolean base64) {
    text = base64 ? new Base64Text() : null;
  }

  /**
   * @param contentType null when there is none
   * @return null when it is not gRPC-Web
   */
  public static GrpcWebBody of(String contentType) {
    if (!isGrpcWeb(contentType)) {
      return null;
    }
    return new GrpcWebBody(is(TEXT, contentType.toLowerCase(Locale.ROOT)));
  }

  /**
   * @param contentType null when there is none
   */
  public static boolean isGrpcWeb(String contentType) {
    if (contentType == null) {
      return false;
    }
    String type = contentType.toLowerCase(Locale.ROOT);
    return is(BINARY, type) || is(TEXT, type);
  }

  /** The type itself, with a format behind a plus, or with parameters. */
  private static boolean is(String type, String value) {
    if (!value.startsWith(type)) {
      return false;
    }
    char next = value.length() == type.length() ? ';' : value.charAt(type.length());
    return next == '+' || next == ';' || next == ' ';
  }

  public void bytes(byte[] data, int from, int to) {
    if (text == null) {
      frames(data, from, to);
      return;
    }
    int at = from;
    while (at < to && known) {
      at = text.decode(data, at, to);
      if (at < 0) {
        lose();
      } else {
        frames(text.decoded(), 0, text.length());
      }
    }
  }

  /** Bytes that were not captured. */
  public void gap(long length) {
    if (length <= 0 || !known) {
      return;
    }
    boolean inMessage = text == null && prefixLength == PREFIX_LENGTH && (flags & TRAILERS) == 0;
    if (inMessage && left >= length) {
      skip(length);
    } else {
      lose();
    }
  }

  /** What else there is of the body will not come. */
  public void lose() {
    known = false;
  }

  /** {@link #UNKNOWN} when not all of them could be seen. */
  public long messages() {
    return known ? messages : UNKNOWN;
  }

  /** Of all messages, without their prefixes; {@link #UNKNOWN} as above. */
  public long messageBytes() {
    return known ? messageBytes : UNKNOWN;
  }

  /** Whether all of the body was seen. */
  public boolean isKnown() {
    return known;
  }

  /** {@link GrpcStatus#NONE} when it could not be seen, or there is none. */
  public int status() {
    return trailers == null ? GrpcStatus.NONE : trailers.status();
  }

  private void frames(byte[] data, int from, int to) {
    int at = from;
    while (at < to && known) {
      if (prefixLength < PREFIX_LENGTH) {
        prefix(data[at++] & 0xff);
        continue;
      }
      int n = (int) Math.min(left, to - at);
      if ((flags & TRAILERS) != 0) {
        trailers.add(data, at, n);
      }
      skip(n);
      at += n;
    }
  }

  private void prefix(int next) {
    if (prefixLength == 0) {
      flags = next;
      left = 0;
      known = (next & ~(TRAILERS | COMPRESSED)) == 0;
    } else {
      left = left << 8 | next;
    }
    if (++prefixLength < PREFIX_LENGTH) {
      return;
    }
    if ((flags & TRAILERS) == 0) {
      messages++;
    } else {
      trailers = new WebTrailers((flags & COMPRESSED) != 0);
    }
    endIfComplete();
  }

  /** Over a part of the frame, captured or not. */
  private void skip(long n) {
    left -= n;
    if ((flags & TRAILERS) == 0) {
      messageBytes += n;
    }
    endIfComplete();
  }

  private void endIfComplete() {
    if (left > 0) {
      return;
    }
    prefixLength = 0;
    if ((flags & TRAILERS) != 0) {
      trailers.end();
    }
  }
}
