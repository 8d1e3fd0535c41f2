package io.sonde.probes.elf;

/**
 * A section header ({@code Elf64_Shdr}).
 *
 * @param type SHT_…
 * @param address virtual, 0 when it is not loaded
 * @param offset in the file, bytes; as the file says, so it may lie outside of it
 * @param size bytes, not negative
 * @param link index of the section that belongs to it, as the strings do to symbols
 */
public record Section(String name, int type, long address, long offset, long size, int link) {
  /** Takes no room in the file. */
  static final int NOBITS = 8;
}
