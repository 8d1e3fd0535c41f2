package io.sonde.probes.elf.go;

import java.nio.ByteBuffer;

/**
 * How a table of functions begins (Go's {@code runtime.pcHeader}).
 *
 * @param textStartAt distance of the word that says where code begins; -1 when addresses are whole
 * @param functions how many
 * @param names where the names begin, from the header's start; all of these in bytes
 * @param namesEnd where they end
 * @param index where the functions' addresses and descriptions are told
 */
record TableHeader(int textStartAt, long functions, long names, long namesEnd, long index) {
  /** Bytes of the longer form. */
  static final int SIZE = 72;

  /** Instructions of 1 byte or more, pointers of 8: x86-64. Read with the number before it. */
  private static final long SHAPE = 0x0801_0000_0000_0000L;

  private static final long GO_1_16 = SHAPE | 0xffff_fffaL; // and 1.17
  private static final long GO_1_18 = SHAPE | 0xffff_fff0L; // and 1.19
  private static final long GO_1_20 = SHAPE | 0xffff_fff1L; // and all since

  // more than the largest programs have: a table that says otherwise would take too long to read
  private static final long MAX_FUNCTIONS = 4_000_000;
  private static final long MAX_NAMES = 64 << 20;
  private static final long MAX_DESCRIPTIONS = 512 << 20;

  static boolean beginsWith(long word) {
    return word == GO_1_20 || word == GO_1_18 || word == GO_1_16;
  }

  /** Little endian, with at least {@link #SIZE} bytes, of which the first are as they should. */
  static TableHeader of(ByteBuffer bytes) {
    boolean addressesWhole = bytes.getLong(0) == GO_1_16;
    int offsets = addressesWhole ? 24 : 32;
    return new TableHeader(
        addressesWhole ? -1 : 24,
        bytes.getLong(8),
        bytes.getLong(offsets),
        bytes.getLong(offsets + 8),
        bytes.getLong(offsets + 32));
  }

  /**
   * Whether all of it is where it could be.
   *
   * @param available bytes there are from the header on
   */
  boolean fits(long available) {
    return functions > 0
        && functions <= MAX_FUNCTIONS
        && names >= 0
        && names < namesEnd
        && namesEnd - names <= MAX_NAMES
        && namesEnd <= index
        && index < available
        && (functions + 1) * entrySize() < available - index;
  }

  /**
   * Bytes from the index on that are looked at.
   *
   * @param available bytes there are from the header on
   */
  long described(long available) {
    return Math.min(available - index, MAX_DESCRIPTIONS);
  }

  boolean addressesWhole() {
    return textStartAt < 0;
  }

  /** Of the index: an address and where the description is. */
  int entrySize() {
    return addressesWhole() ? 16 : 8;
  }
}
