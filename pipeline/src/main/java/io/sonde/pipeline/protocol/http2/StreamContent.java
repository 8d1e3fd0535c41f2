package io.sonde.pipeline.protocol.http2;

/** What goes one way on a stream in DATA, padding left out. */
final class StreamContent {
  private static final long UNKNOWN = -1;

  long bytes;

  /** Some of it may be padding, or more of it may have gone by unseen. */
  private boolean uncertain;

  /** Counted as long as it may be gRPC; else null. */
  GrpcMessages messages;

  void read(byte[] data, int from, int to) {
    bytes += to - from;
    if (messages != null) {
      messages.read(data, from, to);
    }
  }

  void gap(long length) {
    bytes += length;
    if (messages != null) {
      messages.gap(length);
    }
  }

  /** How much it is cannot be known any more. */
  void lose() {
    uncertain = true;
    if (messages != null) {
      messages.lose();
    }
  }

  /** In bytes; -1 when not known. */
  long size() {
    return uncertain ? UNKNOWN : bytes;
  }
}
