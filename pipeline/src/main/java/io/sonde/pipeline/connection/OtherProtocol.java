package io.sonde.pipeline.connection;

import io.sonde.pipeline.accounting.LossCause;

/** Tells, of bytes that no protocol here reads, those whose name is certain. */
final class OtherProtocol {
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

  /** RFC 8446 §5.1: a record of any content type, and a version from 3.0 (SSL) to 3.4; so far. */
  private static boolean isTls(byte[] data, int offset, int length) {
    return (length < 1 || data[offset] >= 0x14 && data[offset] <= 0x17)
        && (length < 2 || data[offset + 1] == 3)
        && (length < 3 || data[offset + 2] >= 0 && data[offset + 2] <= 4);
  }
}
