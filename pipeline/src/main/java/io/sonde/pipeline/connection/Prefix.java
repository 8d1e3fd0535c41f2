package io.sonde.pipeline.connection;

import io.sonde.pipeline.protocol.Operation;
import java.util.Arrays;

/**
 * The first bytes of a turn, kept while they are too few to tell what they are, with the operation
 * that moved the first of them.
 */
final class Prefix {
  /** More than any protocol may ask for before it says YES or NO. */
  static final int MAX_LENGTH = 512;

  final Operation operation;
  private byte[] bytes = new byte[64];
  private int length;

  Prefix(Operation first) {
    this.operation = new Operation().set(first);
  }

  /**
   * @return how many were kept: fewer than {@code count} when {@link #MAX_LENGTH} is reached
   */
  int add(byte[] data, int offset, int count) {
    int kept = Math.min(count, MAX_LENGTH - length);
    if (length + kept > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + kept));
    }
    System.arraycopy(data, offset, bytes, length, kept);
    length += kept;
    return kept;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }
}
