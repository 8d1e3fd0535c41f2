package io.sonde.server.recording;

/** Bounds of a chunk; see the package. */
final class Chunk {
  /** stored, plain, crc. */
  static final int HEADER_BYTES = 3 * Integer.BYTES;

  /** kind, capture, length. */
  static final int ENTRY_HEADER_BYTES = 1 + Short.BYTES + Integer.BYTES;

  /** A chunk as large is written. */
  static final int TARGET_BYTES = 256 << 10;

  /** Of one message: as the receiver takes it, a block of 1 MiB and its envelope. */
  static final int MAX_MESSAGE_BYTES = (1 << 20) + (64 << 10);

  /** One message more than the target. */
  static final int MAX_PLAIN_BYTES = TARGET_BYTES + MAX_MESSAGE_BYTES + ENTRY_HEADER_BYTES;

  /** What zlib cannot compress grows by 5 bytes for every 16 KiB. */
  static final int MAX_STORED_BYTES = MAX_PLAIN_BYTES + (MAX_PLAIN_BYTES >> 10) + 64;

  private Chunk() {}
}
