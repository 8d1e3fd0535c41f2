package io.sonde.probes.host;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The sections of an ELF file (elf(5)), 64 bits and little endian, as all that Sonde runs beside. A
 * file may say anything of itself: what does not fit together, or is larger than any compiler makes
 * it, is not there. Reads a bounded number of bytes, each time at most as many as asked for.
 */
final class ElfFile implements Closeable {
  /** Where a section is in the file, bytes. */
  private record Section(long offset, long size) {}

  private static final int HEADER = 64;
  private static final int SECTION_HEADER = 64;
  private static final int MAX_SECTIONS = 256;
  private static final int MAX_NAMES = 16 * 1024;
  private static final int MAGIC = 0x464c457f; // 0x7f 'E' 'L' 'F'
  private static final byte CLASS_64 = 2;
  private static final byte LITTLE_ENDIAN = 1;
  private static final int SHT_NOBITS = 8;

  // e_shoff, e_shnum and e_shstrndx in the header; sh_type, sh_offset and sh_size in each section's
  private static final int SECTIONS_AT = 40;
  private static final int SECTION_COUNT = 60;
  private static final int NAMES_INDEX = 62;
  private static final int TYPE = 4;
  private static final int OFFSET = 24;
  private static final int SIZE = 32;

  private final FileChannel file;
  private final Map<String, Section> sections = new HashMap<>();

  private ElfFile(FileChannel file) throws IOException {
    this.file = file;
    readSections();
  }

  /** A file that is no ELF file has no sections. */
  static ElfFile open(Path path) throws IOException {
    FileChannel file = FileChannel.open(path);
    try {
      return new ElfFile(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  boolean has(String section) {
    return sections.containsKey(section);
  }

  /**
   * Its first bytes, or all of them; empty when there is no such section.
   *
   * @param most how many to read at most
   */
  byte[] read(String section, int most) throws IOException {
    Section found = sections.get(section);
    if (found == null) {
      return new byte[0];
    }
    ByteBuffer bytes = read(found.offset, (int) Math.min(found.size, most));
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  private void readSections() throws IOException {
    ByteBuffer header = read(0, HEADER);
    if (header.remaining() < HEADER
        || header.getInt(0) != MAGIC
        || header.get(4) != CLASS_64
        || header.get(5) != LITTLE_ENDIAN) {
      return;
    }
    int count = Math.min(Short.toUnsignedInt(header.getShort(SECTION_COUNT)), MAX_SECTIONS);
    int namesIndex = Short.toUnsignedInt(header.getShort(NAMES_INDEX));
    ByteBuffer table = read(header.getLong(SECTIONS_AT), count * SECTION_HEADER);
    int whole = table.remaining() / SECTION_HEADER;
    if (namesIndex >= whole) {
      return;
    }
    Section named = section(table, namesIndex);
    ByteBuffer names = read(named.offset, (int) Math.min(named.size, MAX_NAMES));
    for (int i = 0; i < whole; i++) {
      Section section = section(table, i);
      if (table.getInt(i * SECTION_HEADER + TYPE) != SHT_NOBITS) {
        sections.putIfAbsent(name(names, table.getInt(i * SECTION_HEADER)), section);
      }
    }
  }

  private static Section section(ByteBuffer table, int index) {
    return new Section(
        table.getLong(index * SECTION_HEADER + OFFSET),
        Math.max(table.getLong(index * SECTION_HEADER + SIZE), 0));
  }

  private static String name(ByteBuffer names, int at) {
    int end = at;
    while (end >= 0 && end < names.limit() && names.get(end) != 0) {
      end++;
    }
    return end <= at || end >= names.limit()
        ? ""
        : new String(names.array(), at, end - at, StandardCharsets.ISO_8859_1);
  }

  /** Fewer where the file ends before. */
  private ByteBuffer read(long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    int n = position < 0 ? -1 : 0;
    while (n >= 0 && buffer.hasRemaining() && position <= Long.MAX_VALUE - length) {
      n = file.read(buffer, position + buffer.position());
    }
    return buffer.flip();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
