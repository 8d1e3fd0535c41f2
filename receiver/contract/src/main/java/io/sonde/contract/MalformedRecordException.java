package io.sonde.contract;

/**
 * A record that does not follow {@code record.h}. Carries where it started and what was expected.
 */
public final class MalformedRecordException extends Exception {
  private final int offset;

  MalformedRecordException(int offset, String expectation, long found) {
    super("record at byte " + offset + ": expected " + expectation + ", found " + found);
    this.offset = offset;
  }

  /** Bytes from the start of the block to the start of the record. */
  public int offset() {
    return offset;
  }
}
