package io.sonde.pipeline.protocol.http2;

/**
 * What every frame begins with (RFC 9113 §4.1):
 *
 * <pre>
 *   Length (24)  Type (8)  Flags (8)  Reserved (1) Stream Identifier (31)
 * </pre>
 *
 * <p>A flyweight, overwritten for each frame.
 */
final class FrameHeader {
  static final int LENGTH = 9;

  // Types (§6).
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  // Flags; ACK of SETTINGS and PING is END_STREAM of the others.
  static final int END_STREAM = 0x1;
  static final int ACK = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;
  static final int HAS_PRIORITY = 0x20;

  /** What each type may have, by type; others are to be ignored (§4.1), but nobody sets them. */
  private static final int[] LEGAL_FLAGS = {
    END_STREAM | PADDED,
    END_STREAM | END_HEADERS | PADDED | HAS_PRIORITY,
    0,
    0,
    ACK,
    END_HEADERS | PADDED,
    ACK,
    0,
    0,
    END_HEADERS
  };

  /** SETTINGS_MAX_FRAME_SIZE before it is said otherwise (§6.5.2). */
  private static final int DEFAULT_MAX_LENGTH = 16_384;

  private static final int SETTING_LENGTH = 6;
  private static final int GOAWAY_LENGTH = 8;
  private static final int PRIORITY_LENGTH = 5;

  private int length;
  private int type;
  private int flags;
  private int stream;
  private boolean reserved;

  /** Reads {@link #LENGTH} bytes. */
  FrameHeader read(byte[] data, int at) {
    length = (data[at] & 0xff) << 16 | (data[at + 1] & 0xff) << 8 | data[at + 2] & 0xff;
    type = data[at + 3] & 0xff;
    flags = data[at + 4] & 0xff;
    reserved = data[at + 5] < 0;
    stream =
        (data[at + 5] & 0x7f) << 24
            | (data[at + 6] & 0xff) << 16
            | (data[at + 7] & 0xff) << 8
            | data[at + 8] & 0xff;
    return this;
  }

  /** Of the payload, bytes. */
  int length() {
    return length;
  }

  int type() {
    return type;
  }

  /** 0: the connection. */
  int stream() {
    return stream;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  boolean carriesFields() {
    return type == HEADERS || type == PUSH_PROMISE || type == CONTINUATION;
  }

  /** Bytes of the payload that come before fields, contents or nothing of interest. */
  int prefixLength() {
    int padding = has(PADDED) ? 1 : 0;
    return switch (type) {
      case DATA -> padding;
      case HEADERS -> padding + (has(HAS_PRIORITY) ? PRIORITY_LENGTH : 0);
      case PUSH_PROMISE -> padding + Integer.BYTES;
      case RST_STREAM -> Integer.BYTES;
      case GOAWAY -> GOAWAY_LENGTH;
      default -> 0;
    };
  }

  /**
   * Whether a peer can have sent it: the size is one that the type may have, and it is about a
   * stream or the connection as the type wants (§6). What is not of a known type is short, as far
   * as anybody is known to send such.
   */
  boolean isSound() {
    if (length < prefixLength()) {
      return false;
    }
    return switch (type) {
      case DATA, HEADERS, PUSH_PROMISE, CONTINUATION -> stream != 0;
      case PRIORITY -> stream != 0 && length == PRIORITY_LENGTH;
      case RST_STREAM -> stream != 0 && length == Integer.BYTES;
      case SETTINGS -> stream == 0 && length % SETTING_LENGTH == 0 && !(has(ACK) && length > 0);
      case PING -> stream == 0 && length == Long.BYTES;
      case GOAWAY -> stream == 0;
      case WINDOW_UPDATE -> length == Integer.BYTES;
      default -> length <= DEFAULT_MAX_LENGTH;
    };
  }

  /** Sound, and like all that peers are known to send: for who does not know where he is. */
  boolean isPlausible() {
    return type <= CONTINUATION
        && !reserved
        && (flags & ~LEGAL_FLAGS[type]) == 0
        && (type == DATA || length <= DEFAULT_MAX_LENGTH)
        && isSound();
  }

  /** So few of all nine bytes have the form that they are certainly no others. */
  boolean isCertain() {
    return isPlausible()
        && switch (type) {
          case SETTINGS, PING, RST_STREAM, WINDOW_UPDATE, PRIORITY, GOAWAY -> true;
          default -> false;
        };
  }
}
