package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.protocol.Operation;
import java.util.Arrays;

/**
 * What a client read before it was told that it had asked. A client that writes and reads in two
 * threads may be interrupted between the sending of its request and the report of that: the answer
 * is then told first, and waits here for the request.
 */
final class EarlyAnswer {
  /** As much as one operation may bring (record.h). */
  private static final int MAX_LENGTH = 16 * 1024;

  private byte[] data;
  private final Operation operation = new Operation();
  private long uncaptured;
  private long lastNs;

  EarlyAnswer(byte[] from, int offset, int length, Operation first) {
    data = Arrays.copyOfRange(from, offset, offset + length);
    operation.set(first);
  }

  /** Whether so much more can be kept: nothing may follow what was not captured. */
  boolean hasRoomFor(int length) {
    return uncaptured == 0 && data.length + length <= MAX_LENGTH;
  }

  /** More of it. */
  void add(byte[] from, int offset, int length, Operation next) {
    int end = data.length;
    data = Arrays.copyOf(data, end + length);
    System.arraycopy(from, offset, data, end, length);
    operation.set(next);
  }

  /** More of it was moved, but not captured. */
  void gap(long length, long timeNs) {
    uncaptured += length;
    lastNs = timeNs;
  }

  byte[] data() {
    return data;
  }

  /** That brought the last of {@link #data}. */
  Operation operation() {
    return operation;
  }

  /** Bytes that followed {@link #data}. */
  long uncaptured() {
    return uncaptured;
  }

  /** When the last of {@link #uncaptured} was moved. */
  long lastNs() {
    return lastNs;
  }
}
