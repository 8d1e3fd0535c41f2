package io.sonde.pipeline.protocol.http2;

/**
 * Counts the messages in one direction of a stream (grpc/doc/PROTOCOL-HTTP2.md,
 * "Length-Prefixed-Message"):
 *
 * <pre>
 *   Compressed-Flag (8)  Message-Length (32)  Message
 * </pre>
 *
 * <p>A message may begin and end anywhere in the frames. Where a prefix was not captured it is not
 * known any more how many messages there are.
 */
final class GrpcMessages {
  private static final int PREFIX_LENGTH = 5;
  static final long UNKNOWN = -1;

  private boolean known = true;
  private long count;
  private long bytes;
  private int prefixLength;

  /** Of the message, as far as its prefix has come. */
  private long declared;

  /** Of the message, what has not come yet. */
  private long left;

  void read(byte[] data, int from, int to) {
    int at = from;
    while (at < to && known) {
      if (left > 0) {
        int n = (int) Math.min(left, to - at);
        left -= n;
        bytes += n;
        at += n;
        continue;
      }
      int next = data[at++] & 0xff;
      if (prefixLength == 0) {
        known = next <= 1;
      } else {
        declared = declared << 8 | next;
      }
      if (++prefixLength == PREFIX_LENGTH) {
        left = declared;
        declared = 0;
        prefixLength = 0;
        count++;
      }
    }
  }

  /** Bytes that were not captured. */
  void gap(long length) {
    long n = Math.min(left, length);
    left -= n;
    bytes += n;
    known &= n == length;
  }

  void lose() {
    known = false;
  }

  /** Whether all that came were whole messages, and there were some. */
  boolean areWhole() {
    return known && count > 0 && left == 0 && prefixLength == 0;
  }

  /** {@link #UNKNOWN} when a prefix was missed. */
  long count() {
    return known ? count : UNKNOWN;
  }

  /** Of the messages without their prefixes; {@link #UNKNOWN} when a prefix was missed. */
  long bytes() {
    return known ? bytes : UNKNOWN;
  }
}
