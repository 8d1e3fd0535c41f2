package io.sonde.probes.elf;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * An ELF file, 64 bits and little endian, as all that Sonde runs beside. A file may say anything of
 * itself: what does not fit together, or is larger than any compiler makes it, is not there. Reads
 * a bounded number of bytes, each time at most as many as asked for. For one thread.
 */
public final class ElfFile implements Closeable {
  /** {@code e_machine} of x86-64. */
  public static final int X86_64 = 62;

  private static final int HEADER = 64;
  private static final int SECTION_HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int MAX_SECTIONS = 256;
  private static final int MAX_SEGMENTS = 64;
  private static final int MAX_NAMES = 16 * 1024;
  private static final int MAGIC = 0x464c457f; // 0x7f 'E' 'L' 'F'
  private static final byte CLASS_64 = 2;
  private static final byte LITTLE_ENDIAN = 1;

  // offsets in Elf64_Ehdr
  private static final int MACHINE = 18;
  private static final int SEGMENTS_AT = 32;
  private static final int SECTIONS_AT = 40;
  private static final int SEGMENT_COUNT = 56;
  private static final int SECTION_COUNT = 60;
  private static final int NAMES_INDEX = 62;

  private static final ByteBuffer NO_NAMES = ByteBuffer.allocate(0);

  private final FileChannel file;
  private final List<Section> sections = new ArrayList<>();
  private final List<Segment> segments = new ArrayList<>();
  private final Map<String, Section> byName = new HashMap<>();
  private int machine;

  private ElfFile(FileChannel file) throws IOException {
    this.file = file;
    readHeaders();
  }

  /** A file that is no ELF file has no sections, no segments and no machine. */
  public static ElfFile open(Path path) throws IOException {
    FileChannel file = FileChannel.open(path);
    try {
      return new ElfFile(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** {@code e_machine}; 0 for what is no ELF file. */
  public int machine() {
    return machine;
  }

  /** In the order of their headers, of which the first {@value #MAX_SEGMENTS}. */
  public List<Segment> segments() {
    return List.copyOf(segments);
  }

  /** Whether there is such a section with bytes in the file. */
  public boolean has(String section) {
    return byName.containsKey(section);
  }

  /** The first of this name that has bytes in the file. */
  public Optional<Section> section(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** By the number that other headers name it by. */
  Optional<Section> section(int index) {
    return index >= 0 && index < sections.size()
        ? Optional.of(sections.get(index))
        : Optional.empty();
  }

  /**
   * Its first bytes, or all of them; empty when there is no such section.
   *
   * @param most how many to read at most
   */
  public byte[] read(String section, int most) throws IOException {
    Section found = byName.get(section);
    if (found == null) {
      return new byte[0];
    }
    ByteBuffer bytes = read(found.offset(), (int) Math.min(found.size(), most));
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  /**
   * Bytes of the file, little endian; fewer, or none, where it ends before.
   *
   * @param offset from the start of the file; negative is outside of it
   */
  public ByteBuffer read(long offset, int length) throws IOException {
    return read(offset, ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** The same into this buffer, as far as it has room. */
  ByteBuffer read(long offset, ByteBuffer buffer) throws IOException {
    int start = buffer.position();
    int n = offset < 0 || offset > Long.MAX_VALUE - buffer.capacity() ? -1 : 0;
    while (n >= 0 && buffer.hasRemaining()) {
      n = file.read(buffer, offset + buffer.position() - start);
    }
    return buffer.flip();
  }

  /** Where in the file the byte is that is loaded at this address. */
  public OptionalLong offsetOf(long address) {
    return segments.stream()
        .filter(segment -> segment.holds(address))
        .mapToLong(segment -> address - segment.address() + segment.offset())
        .findFirst();
  }

  /** As {@link #offsetOf}, when the byte is code there. */
  public OptionalLong codeOffsetOf(long address) {
    return segments.stream()
        .filter(segment -> segment.isCode() && segment.holds(address))
        .mapToLong(segment -> address - segment.address() + segment.offset())
        .findFirst();
  }

  /** Bytes as they are loaded at this address; fewer, or none, where that part of it ends. */
  public ByteBuffer readAt(long address, int length) throws IOException {
    for (Segment segment : segments) {
      if (segment.holds(address)) {
        long within = address - segment.address();
        return read(within + segment.offset(), (int) Math.min(length, segment.fileSize() - within));
      }
    }
    return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The functions of these names that the file exports; quick in files of any size. */
  public Map<String, Symbol> exportedFunctions(Set<String> names) throws IOException {
    return new ExportedSymbols(this).functions(names);
  }

  /**
   * The functions of these names that the file defines: those it exports, or, when it exports none
   * of them, those that stripping has left. Looking for the latter takes about 10 ms for 10 MB.
   */
  public Map<String, Symbol> functions(Set<String> names) throws IOException {
    Map<String, Symbol> exported = exportedFunctions(names);
    return exported.isEmpty() ? new SymbolScan(this).functions(".symtab", names) : exported;
  }

  /** Identity of what was linked, in hexadecimal. Anybody may have given the file any. */
  public Optional<String> buildId() throws IOException {
    return BuildId.of(this);
  }

  private void readHeaders() throws IOException {
    ByteBuffer header = read(0, HEADER);
    if (header.remaining() < HEADER
        || header.getInt(0) != MAGIC
        || header.get(4) != CLASS_64
        || header.get(5) != LITTLE_ENDIAN) {
      return;
    }
    machine = Short.toUnsignedInt(header.getShort(MACHINE));
    readSegments(header);
    readSections(header);
  }

  private void readSegments(ByteBuffer header) throws IOException {
    int count = Math.min(Short.toUnsignedInt(header.getShort(SEGMENT_COUNT)), MAX_SEGMENTS);
    ByteBuffer table = read(header.getLong(SEGMENTS_AT), count * PROGRAM_HEADER);
    for (int at = 0; at + PROGRAM_HEADER <= table.limit(); at += PROGRAM_HEADER) {
      segments.add(
          new Segment(
              table.getInt(at),
              table.getInt(at + 4),
              table.getLong(at + 8),
              table.getLong(at + 16),
              Math.max(table.getLong(at + 32), 0),
              table.getLong(at + 40)));
    }
  }

  private void readSections(ByteBuffer header) throws IOException {
    int count = Math.min(Short.toUnsignedInt(header.getShort(SECTION_COUNT)), MAX_SECTIONS);
    int namesIndex = Short.toUnsignedInt(header.getShort(NAMES_INDEX));
    ByteBuffer table = read(header.getLong(SECTIONS_AT), count * SECTION_HEADER);
    int whole = table.remaining() / SECTION_HEADER;
    if (namesIndex >= whole) {
      return;
    }
    Section named = section(table, namesIndex, NO_NAMES);
    ByteBuffer names = read(named.offset(), (int) Math.min(named.size(), MAX_NAMES));
    for (int i = 0; i < whole; i++) {
      Section section = section(table, i, names);
      sections.add(section);
      if (section.type() != Section.NOBITS) {
        byName.putIfAbsent(section.name(), section);
      }
    }
  }

  private static Section section(ByteBuffer table, int index, ByteBuffer names) {
    int at = index * SECTION_HEADER;
    return new Section(
        name(names, table.getInt(at)),
        table.getInt(at + 4),
        table.getLong(at + 16),
        table.getLong(at + 24),
        Math.max(table.getLong(at + 32), 0),
        table.getInt(at + 40));
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

  @Override
  public void close() throws IOException {
    file.close();
  }
}
