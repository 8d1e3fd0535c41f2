package io.sonde.pipeline.protocol.http1.grpcweb;

import java.util.Arrays;

/** Base64 (RFC 4648 §4) that may be cut anywhere and padded in between. */
final class Base64Text {
  private static final int[] SEXTETS = new int[128];

  static {
    Arrays.fill(SEXTETS, -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      SEXTETS[alphabet.charAt(i)] = i;
    }
  }

  private final byte[] decoded = new byte[192];
  private int length;

  // Of four characters those that have come.
  private int bits;
  private int characters;
  private int padding;

  byte[] decoded() {
    return decoded;
  }

  /** Of {@link #decoded}, as of the last call. */
  int length() {
    return length;
  }

  /**
   * Decodes as much as there is room for.
   *
   * @return behind what was read, or -1 where it is not base64
   */
  int decode(byte[] data, int from, int to) {
    length = 0;
    int at = from;
    while (at < to && length + 3 <= decoded.length) {
      byte c = data[at++];
      if (c == '=' && characters >= 2) {
        padding++;
        bits <<= 6;
      } else if (c < 0 || SEXTETS[c] < 0 || padding > 0) {
        return -1;
      } else {
        bits = bits << 6 | SEXTETS[c];
      }
      if (++characters == 4) {
        take();
      }
    }
    return at;
  }

  private void take() {
    for (int i = 0; i < 3 - padding; i++) {
      decoded[length++] = (byte) (bits >> 16 - 8 * i);
    }
    bits = 0;
    characters = 0;
    padding = 0;
  }
}
