package io.sonde.pipeline.protocol.http2.hpack;

import java.util.Arrays;

/**
 * The latest fields that one side has put into its dynamic table (RFC 7541 §2.3.2), as a bystander
 * knows it, who may have missed the earlier ones.
 *
 * <p>An encoder refers to an entry by how many came after it, and never to one that it has evicted.
 * So a reference to one of the entries that were seen is right, whatever went before them and
 * whenever they are evicted; only a reference beyond them cannot be known. Entries are dropped
 * here, to save memory, when the encoder has certainly dropped them. It follows that a size may be
 * estimated, if only it is never too large.
 */
final class DynamicTable {
  /** SETTINGS_HEADER_TABLE_SIZE before it is said otherwise (RFC 9113 §6.5.2). */
  private static final int INITIAL_MAX = 4096;

  /** Whatever the encoder may use, by its count; older entries are as if they had been missed. */
  static final int MAX_KEPT = 64 * 1024;

  /** RFC 7541 §4.1. */
  static final int ENTRY_OVERHEAD = 32;

  // A ring; the newest is at `newest`, the one before it at `newest - 1`.
  private FieldName[] names = new FieldName[16];
  private String[] values = new String[16];
  private int[] nameLengths = new int[16];
  private int[] sizes = new int[16];
  private int newest;
  private int count;

  /** Of all entries, bytes as §4.1 counts them; at least. */
  private int size;

  /** How much the encoder may use; -1 when that is not known. */
  private long max = INITIAL_MAX;

  /** There may be entries older than those that are known. */
  private boolean olderUnknown;

  /** What went before is not known any more. */
  void missedSome() {
    clear();
    max = -1;
    olderUnknown = true;
  }

  /** How many of the latest entries are known. */
  int count() {
    return count;
  }

  boolean olderUnknown() {
    return olderUnknown;
  }

  /**
   * @param age 0 for the newest, less than {@link #count}
   */
  FieldName name(int age) {
    return names[slot(age)];
  }

  /** Null where it does not matter or is not known. */
  String value(int age) {
    return values[slot(age)];
  }

  /** In bytes; 0 when not known. */
  int nameLength(int age) {
    return nameLengths[slot(age)];
  }

  /** The encoder says how much it is going to use (§6.3). */
  void resize(long bytes) {
    max = bytes;
    evict(0);
  }

  /**
   * @param nameLength 0 when not known
   */
  void add(FieldName name, int nameLength, String value, int valueLength) {
    int added = nameLength + valueLength + ENTRY_OVERHEAD;
    evict(added);
    if (added > limit()) { // §4.4: not an error, and leaves nothing
      olderUnknown &= !isKeptWhole();
      return;
    }
    if (count == names.length) {
      grow();
    }
    newest = newest + 1 & names.length - 1;
    names[newest] = name;
    values[newest] = value;
    nameLengths[newest] = nameLength;
    sizes[newest] = added;
    count++;
    size += added;
    forgetOlder();
  }

  private long limit() {
    return max < 0 ? MAX_KEPT : Math.min(max, MAX_KEPT);
  }

  private boolean isKeptWhole() {
    return max >= 0 && max <= MAX_KEPT;
  }

  private void evict(int added) {
    long room = limit() - added;
    while (count > 0 && size > room) {
      int oldest = slot(count - 1);
      size -= sizes[oldest];
      values[oldest] = null;
      count--;
      olderUnknown |= max > MAX_KEPT;
    }
    olderUnknown |= added > MAX_KEPT && max > MAX_KEPT;
    forgetOlder();
  }

  /** Where there is no room for older entries there are none. */
  private void forgetOlder() {
    if (isKeptWhole() && max - size < ENTRY_OVERHEAD) {
      olderUnknown = false;
    }
  }

  private void clear() {
    Arrays.fill(values, null);
    count = 0;
    size = 0;
  }

  private int slot(int age) {
    return newest - age & names.length - 1;
  }

  private void grow() {
    int length = names.length;
    FieldName[] moreNames = new FieldName[2 * length];
    String[] moreValues = new String[2 * length];
    int[] moreLengths = new int[2 * length];
    int[] moreSizes = new int[2 * length];
    for (int age = 0; age < count; age++) {
      int from = slot(age);
      int to = length - 1 - age;
      moreNames[to] = names[from];
      moreValues[to] = values[from];
      moreLengths[to] = nameLengths[from];
      moreSizes[to] = sizes[from];
    }
    names = moreNames;
    values = moreValues;
    nameLengths = moreLengths;
    sizes = moreSizes;
    newest = length - 1;
  }
}
