package io.sonde.server.recording.redaction;

/**
 * The messages of gRPC in one direction of a stream (grpc/doc/PROTOCOL-HTTP2.md,
 * "Length-Prefixed-Message"): the flag and the length of each are kept, so that what is replayed
 * has as many messages. Blanks all of what is not that.
 */
final class GrpcLengths {
  private static final int PREFIX = 5;

  /** Of a stream that is not gRPC. */
  static final GrpcLengths NONE = new GrpcLengths(false);

  private boolean known;
  private int prefix;
  private long left;

  GrpcLengths() {
    this(true);
  }

  private GrpcLengths(boolean known) {
    this.known = known;
  }

  void redact(byte[] data, int from, int to) {
    int i = from;
    while (i < to && known) {
      if (prefix == PREFIX) {
        int n = (int) Math.min(left, to - i);
        Blank.data(data, i, i + n);
        i += n;
        skip(n);
      } else {
        int b = data[i] & 0xff;
        known = prefix > 0 || b <= 1;
        left = prefix <= 1 ? prefix * (long) b : left << 8 | b;
        prefix++;
        i += known ? 1 : 0;
        skip(0);
      }
    }
    Blank.data(data, i, to);
  }

  private void skip(long n) {
    if (prefix == PREFIX) {
      left -= n;
      prefix = left == 0 ? 0 : PREFIX;
    }
  }

  /** Bytes that were not captured. */
  void gap(long length) {
    if (length == 0 || !known) {
      return;
    }
    known = prefix == PREFIX && length <= left;
    if (known) {
      skip(length);
    }
  }
}
