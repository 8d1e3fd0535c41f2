package io.sonde.pipeline.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sonde.pipeline.accounting.LossCause;
import java.util.Arrays;

/** Tells, of bytes that no protocol here reads, those whose name is certain. */
final class OtherProtocol {
  /** RFC 9113 §3.4; where fewer bytes are there, they are told by a server's reads of the rest. */
  private static final byte[] HTTP2 = "PRI * HTTP/2.0".getBytes(US_ASCII);

  private OtherProtocol() {}

  /** {@link LossCause#NOT_HTTP} where it is not certain. */
  static LossCause of(byte[] data, int offset, int length) {
    if (isTls(data, offset, length)) {
      return LossCause.TLS;
    }
    boolean http2 =
        length >= HTTP2.length
            && Arrays.equals(data, offset, offset + HTTP2.length, HTTP2, 0, HTTP2.length);
    return http2 ? LossCause.HTTP2 : LossCause.NOT_HTTP;
  }

  /** RFC 8446 §5.1: a record of any content type, and a version from 3.0 (SSL) to 3.4. */
  private static boolean isTls(byte[] data, int offset, int length) {
    return length >= 3
        && data[offset] >= 0x14
        && data[offset] <= 0x17
        && data[offset + 1] == 3
        && data[offset + 2] >= 0
        && data[offset + 2] <= 4;
  }
}
