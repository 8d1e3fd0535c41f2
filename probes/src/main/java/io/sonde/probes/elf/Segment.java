package io.sonde.probes.elf;

/**
 * A program header ({@code Elf64_Phdr}).
 *
 * @param type PT_…
 * @param flags PF_…
 * @param offset in the file, bytes
 * @param address virtual
 * @param fileSize bytes that are in the file, not negative
 * @param memorySize bytes that are loaded, those in the file included
 */
public record Segment(
    int type, int flags, long offset, long address, long fileSize, long memorySize) {
  public static final int LOAD = 1;

  /** Names the dynamic linker. */
  public static final int INTERPRETER = 3;

  static final int NOTE = 4;

  /** What each thread gets a copy of. */
  public static final int TLS = 7;

  private static final int EXECUTABLE = 1;

  /** Whether it is loaded, and as code. */
  public boolean isCode() {
    return type == LOAD && (flags & EXECUTABLE) != 0;
  }

  /** Whether the byte at this address comes from the file by this segment. */
  boolean holds(long at) {
    return type == LOAD && at >= address && at - address >= 0 && at - address < fileSize;
  }
}
