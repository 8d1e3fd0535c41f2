package io.sonde.probes.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks names up in a table of symbols that has no hash: first where the names stand among the
 * strings, then which symbols point there, each in one pass over a small buffer.
 */
final class SymbolScan {
  /** Node's are 7.5 MB; those of the largest executables people run, some hundred. */
  private static final long MAX_STRINGS = 128 << 20;

  private static final long MAX_SYMBOLS = 128 << 20;

  /** Linkers let a name stand once, and again as the end of a longer one. */
  private static final int MAX_PLACES = 4096;

  private static final int CHUNK = 2730 * SymbolEntry.SIZE; // about 64 KiB

  private final ElfFile file;

  SymbolScan(ElfFile file) {
    this.file = file;
  }

  /** Empty when there is no such table. */
  Map<String, Symbol> functions(String table, Set<String> names) throws IOException {
    Optional<Section> symbols = file.section(table);
    Optional<Section> strings = symbols.flatMap(section -> file.section(section.link()));
    if (strings.isEmpty() || names.isEmpty()) {
      return Map.of();
    }
    Map<Long, String> places = places(strings.get(), names);
    return places.isEmpty() ? Map.of() : symbols(symbols.get(), places);
  }

  private Map<Long, String> places(Section strings, Set<String> names) throws IOException {
    byte[][][] byLastByte = byLastByte(names);
    int longest = names.stream().mapToInt(String::length).max().orElse(0);
    Map<Long, String> places = new HashMap<>();
    ByteBuffer buffer = ByteBuffer.allocate(longest + CHUNK);
    byte[] bytes = buffer.array();
    long size = Math.min(strings.size(), MAX_STRINGS);
    int kept = 0; // of what was looked at before, since a name may begin there
    for (long at = 0; at < size && places.size() < MAX_PLACES; ) {
      buffer.clear().position(kept).limit(kept + (int) Math.min(CHUNK, size - at));
      int end = file.read(strings.offset() + at, buffer).limit();
      if (end == kept) {
        break; // the file ends before its section does
      }
      for (int i = Math.max(kept, 1); i < end; i++) {
        if (bytes[i] == 0 && byLastByte[bytes[i - 1] & 0xff] != null) {
          for (byte[] name : byLastByte[bytes[i - 1] & 0xff]) {
            if (endsWith(bytes, i, name)) {
              places.put(
                  at - kept + i - name.length, new String(name, StandardCharsets.ISO_8859_1));
            }
          }
        }
      }
      at += end - kept;
      kept = Math.min(longest, end);
      System.arraycopy(bytes, end - kept, bytes, 0, kept);
    }
    return places;
  }

  private static boolean endsWith(byte[] bytes, int end, byte[] name) {
    int start = end - name.length;
    if (start < 0) {
      return false;
    }
    for (int i = name.length - 1; i >= 0; i--) {
      if (bytes[start + i] != name[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[][][] byLastByte(Set<String> names) {
    byte[][][] byLastByte = new byte[256][][];
    for (String name : names) {
      byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
      int last = bytes[bytes.length - 1] & 0xff;
      byte[][] before = byLastByte[last] == null ? new byte[0][] : byLastByte[last];
      byLastByte[last] = Arrays.copyOf(before, before.length + 1);
      byLastByte[last][before.length] = bytes;
    }
    return byLastByte;
  }

  private Map<String, Symbol> symbols(Section symbols, Map<Long, String> places)
      throws IOException {
    Map<String, Symbol> found = new HashMap<>();
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    long size = Math.min(symbols.size(), MAX_SYMBOLS);
    for (long at = 0; at < size; at += CHUNK) {
      buffer.clear().limit((int) Math.min(CHUNK, size - at));
      int end = file.read(symbols.offset() + at, buffer).limit();
      for (int i = 0; i + SymbolEntry.SIZE <= end; i += SymbolEntry.SIZE) {
        if (SymbolEntry.isFunction(buffer, i)) {
          String name = places.get(SymbolEntry.name(buffer, i));
          if (name != null) {
            found.putIfAbsent(name, SymbolEntry.symbol(name, buffer, i));
          }
        }
      }
      if (end < buffer.capacity()) {
        break;
      }
    }
    return found;
  }
}
