package io.sonde.pipeline.connection;

import io.sonde.pipeline.accounting.LossCause;
import java.nio.ByteBuffer;

/** Tells, of bytes that no protocol here reads, those whose name is certain. */
final class OtherProtocol {
  // A frame of HTTP/2: 24 bits of length, type, flags, 31 bits of stream.
  private static final int FRAME_HEADER = 9;
  private static final int TYPE = 3;
  private static final int FLAGS = 4;
  private static final int STREAM = 5;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;

  /** First byte of a message of gRPC. */
  private static final int COMPRESSED = 1;

  private static final int TLS_BYTES = 3;

  private OtherProtocol() {}

  /** More bytes will tell: without them, how a conversation is cut would decide over its name. */
  static boolean needsMore(byte[] data, int offset, int length) {
    return length < TLS_BYTES && isTls(data, offset, length);
  }

  /** {@link LossCause#NOT_HTTP} where it is not certain. */
  static LossCause of(byte[] data, int offset, int length) {
    return length >= TLS_BYTES && isTls(data, offset, length) ? LossCause.TLS : LossCause.NOT_HTTP;
  }

  /**
   * Whether a request begins here, on a connection whose own beginning was not seen: HEADERS that
   * are whole and do not end the stream, then DATA of the same stream (RFC 9113 §4.1, §6.1, §6.2),
   * which begins as a message of gRPC does.
   */
  static boolean isGrpcRequest(byte[] data, int offset, int length) {
    ByteBuffer bytes = ByteBuffer.wrap(data, offset, length).slice();
    if (length < FRAME_HEADER || bytes.get(TYPE) != HEADERS) {
      return false;
    }
    int next = FRAME_HEADER + (bytes.getInt(0) >>> 8);
    int stream = bytes.getInt(STREAM);
    return (bytes.get(FLAGS) & (END_HEADERS | END_STREAM)) == END_HEADERS
        && stream > 0
        && stream % 2 == 1
        && next <= length - FRAME_HEADER - 1
        && bytes.get(next + TYPE) == DATA
        && bytes.getInt(next + STREAM) == stream
        && (bytes.get(next + FRAME_HEADER) & ~COMPRESSED) == 0;
  }

  /** RFC 8446 §5.1: a record of any content type, and a version from 3.0 (SSL) to 3.4; so far. */
  private static boolean isTls(byte[] data, int offset, int length) {
    return (length < 1 || data[offset] >= 0x14 && data[offset] <= 0x17)
        && (length < 2 || data[offset + 1] == 3)
        && (length < 3 || data[offset + 2] >= 0 && data[offset + 2] <= 4);
  }
}
