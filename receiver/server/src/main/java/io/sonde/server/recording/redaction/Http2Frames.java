package io.sonde.server.recording.redaction;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One direction of a connection of HTTP/2 (RFC 9113 §4.1, §6), redacted as its bytes come. Kept are
 * the headers of frames, what is no content (settings, windows, errors), header blocks as {@link
 * HeaderBlocks} has them, and of gRPC how long each message is. Once it cannot be followed nothing
 * is kept any more.
 */
final class Http2Frames {
  static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  static final int HEADER = 9;

  private static final int DATA = 0x0;
  private static final int HEADERS = 0x1;
  private static final int PRIORITY = 0x2;
  private static final int RST_STREAM = 0x3;
  private static final int SETTINGS = 0x4;
  private static final int PUSH_PROMISE = 0x5;
  private static final int GOAWAY = 0x7;
  private static final int WINDOW_UPDATE = 0x8;
  private static final int CONTINUATION = 0x9;

  private static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;
  private static final int WITH_PRIORITY = 0x20;

  private static final int SETTING = 6;
  private static final int MAX_SETTINGS = 1024;

  /** Of GOAWAY, before what may be any text. */
  private static final int LAST_STREAM_AND_ERROR = 8;

  /** More streams at a time are blanked. */
  private static final int MAX_STREAMS = 1024;

  private final HeaderBlocks blocks = new HeaderBlocks();
  private final Map<Integer, GrpcLengths> grpc =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, GrpcLengths> eldest) {
          return size() > MAX_STREAMS;
        }
      };

  private final byte[] header = new byte[HEADER];
  private int headerLength;
  private boolean refused;

  /** Whether the frame is the first, which has to be SETTINGS (§3.4). */
  private boolean first = true;

  // Of the frame.
  private int type;
  private int flags;
  private int stream;
  private int length;

  /** Of its payload, what has come. */
  private int position;

  /** Bytes before and behind its content. */
  private int before;

  private int padding;

  /** Whose block goes on in a frame of its own; 0: none. */
  private int continued;

  /** Whether a client begins so (§3.4). */
  static boolean isPreface(byte[] data, int from, int end) {
    return end - from >= PREFACE.length
        && Arrays.equals(data, from, from + PREFACE.length, PREFACE, 0, PREFACE.length);
  }

  /** Whether these bytes are the SETTINGS with which a server begins (§3.4). */
  static boolean isSettings(byte[] data, int from, int end) {
    return end - from >= HEADER
        && number(data, from, 3) % SETTING == 0
        && number(data, from, 3) < MAX_SETTINGS
        && data[from + 3] == SETTINGS
        && data[from + 4] == 0
        && number(data, from + 5, 4) == 0;
  }

  private static boolean mayBeSettings(int index, byte b) {
    return switch (index) {
      case 0 -> b == 0;
      case 1 -> b >= 0 && b < 4;
      case 2 -> true;
      case 3 -> b == SETTINGS;
      default -> b == 0;
    };
  }

  private static int number(byte[] data, int from, int bytes) {
    int number = 0;
    for (int i = 0; i < bytes; i++) {
      number = number << 8 | data[from + i] & 0xff;
    }
    return number;
  }

  /** Whether it cannot be followed any more. */
  boolean isRefused() {
    return refused;
  }

  void redact(byte[] data, int from, int end) {
    int i = from;
    while (i < end && !refused) {
      if (headerLength < HEADER) {
        if (first && !mayBeSettings(headerLength, data[i])) {
          refused = true;
          break;
        }
        header[headerLength++] = data[i++];
        if (headerLength == HEADER) {
          first = false;
          frame();
        }
      } else {
        int to = i + Math.min(end - i, length - position);
        payload(data, i, to);
        i = to;
      }
      endFrameIfOver();
    }
    if (refused) {
      Blank.data(data, i, end);
    }
  }

  /**
   * Bytes that were not captured: they do no harm within the content of a frame that is blanked.
   */
  void gap(long bytes) {
    boolean within = headerLength == HEADER && bytes <= length - position && !isRead();
    if (!within) {
      refused = true;
      return;
    }
    if (type == DATA && position >= before) {
      grpcLengths().gap(Math.min(bytes, Math.max(0, contentEnd() - position)));
    } else if (type == DATA) {
      refused = (flags & PADDED) != 0; // how much of it is padding went by
    }
    position += (int) bytes;
    endFrameIfOver();
  }

  private boolean isRead() {
    return type == HEADERS || type == CONTINUATION || type == PUSH_PROMISE;
  }

  private void frame() {
    length = number(header, 0, 3);
    type = header[3] & 0xff;
    flags = header[4] & 0xff;
    stream = number(header, 5, 4) & 0x7fffffff;
    position = 0;
    boolean padded = (flags & PADDED) != 0 && type != CONTINUATION;
    before = padded ? 1 : 0;
    padding = 0;
    if (type == HEADERS && (flags & WITH_PRIORITY) != 0) {
      before += 5;
    } else if (type == PUSH_PROMISE) {
      before += 4;
    }
    boolean goesOn = type == CONTINUATION && stream == continued && stream != 0;
    refused = continued != 0 && !goesOn || continued == 0 && type == CONTINUATION;
    if (type == HEADERS || type == PUSH_PROMISE) {
      refused |= before > length;
      blocks.start();
      continued = stream;
    } else if (type == DATA) {
      refused |= before > length;
    }
  }

  private void payload(byte[] data, int from, int to) {
    int at = from;
    if ((type == DATA || type == HEADERS || type == PUSH_PROMISE) && position < before) {
      at = beforeContent(data, from, to);
    }
    int contentTo = Math.max(at, Math.min(to, at + contentEnd() - (position + at - from)));
    switch (type) {
      case DATA -> grpcLengths().redact(data, at, contentTo);
      case HEADERS, PUSH_PROMISE, CONTINUATION -> refused |= !blocks.redact(data, at, contentTo);
      default -> other(data, at, contentTo);
    }
    Blank.data(data, contentTo, to);
    position += to - from;
  }

  private int beforeContent(byte[] data, int from, int to) {
    int at = from;
    while (at < to && position + at - from < before) {
      if (position + at - from == 0 && (flags & PADDED) != 0) {
        padding = data[at] & 0xff;
        refused |= before + padding > length;
      }
      at++;
    }
    return at;
  }

  private int contentEnd() {
    return length - padding;
  }

  /** What is no content and as long as it has to be stays. */
  private void other(byte[] data, int from, int to) {
    int kept =
        switch (type) {
          case SETTINGS -> length % SETTING == 0 ? length : 0;
          case RST_STREAM, WINDOW_UPDATE -> length == 4 ? length : 0;
          case PRIORITY -> length == 5 ? length : 0;
          case GOAWAY -> LAST_STREAM_AND_ERROR;
          default -> 0;
        };
    Blank.data(data, Math.max(from, Math.min(to, from + kept - position)), to);
  }

  /** Of the stream; of one that is not gRPC nothing is kept. */
  private GrpcLengths grpcLengths() {
    GrpcLengths its = grpc.get(stream);
    return its == null ? GrpcLengths.NONE : its;
  }

  private void endFrameIfOver() {
    if (refused || headerLength < HEADER || position < length) {
      return;
    }
    headerLength = 0;
    boolean block = type == HEADERS || type == PUSH_PROMISE || type == CONTINUATION;
    if (block && (flags & END_HEADERS) != 0) {
      continued = 0;
      refused = !blocks.end();
      if (type != PUSH_PROMISE && blocks.isGrpc()) {
        grpc.computeIfAbsent(stream, id -> new GrpcLengths());
      }
    }
    if ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
      grpc.remove(stream);
    }
  }
}
