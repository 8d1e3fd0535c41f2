package io.sonde.pipeline.protocol.http2;

/** What goes one way on a stream in DATA, padding left out. */
final class StreamContent {
  long bytes;

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
}
