package io.sonde.probes.elf.go;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Section;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Addresses that a position-independent executable has in its data. In the file they may be 0: what
 * the loader adds its base to stands in the relocation ({@code Elf64_Rela}).
 */
final class Relocations {
  private static final List<String> TABLES = List.of(".rela.dyn", ".rela");
  private static final int ENTRY = 24;
  private static final int CHUNK = 2730 * ENTRY;
  private static final int R_X86_64_RELATIVE = 8;

  /** A relocation for each of 5 million pointers. */
  private static final long MAX_TABLE = 128 << 20;

  private final ElfFile file;

  Relocations(ElfFile file) {
    this.file = file;
  }

  /** The words at these addresses, as they are without a base; those that are nowhere are 0. */
  Map<Long, Long> words(Set<Long> addresses) throws IOException {
    Map<Long, Long> words = new HashMap<>();
    for (long address : addresses) {
      ByteBuffer word = file.readAt(address, Long.BYTES);
      words.put(address, word.limit() == Long.BYTES ? word.getLong(0) : 0L);
    }
    for (String table : TABLES) {
      Optional<Section> section = file.section(table);
      if (section.isPresent()) {
        apply(section.get(), words);
      }
    }
    return words;
  }

  private void apply(Section table, Map<Long, Long> words) throws IOException {
    long size = Math.min(table.size(), MAX_TABLE);
    int read = CHUNK;
    for (long at = 0; at < size && read == CHUNK; at += CHUNK) {
      ByteBuffer entries = file.read(table.offset() + at, (int) Math.min(CHUNK, size - at));
      read = entries.limit();
      for (int i = 0; i + ENTRY <= read; i += ENTRY) {
        if (entries.getLong(i + 8) == R_X86_64_RELATIVE) {
          long addend = entries.getLong(i + 16);
          words.computeIfPresent(entries.getLong(i), (address, word) -> addend);
        }
      }
    }
  }
}
