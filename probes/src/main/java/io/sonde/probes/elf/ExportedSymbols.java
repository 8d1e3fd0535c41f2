package io.sonde.probes.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks exported names up as the dynamic linker does, by the hash table of the file: a handful of
 * small reads per name, also in executables that export 75,000 as Node does.
 *
 * <pre>
 *   .gnu.hash |buckets (4)|first symbol (4)|bloom words (4)|shift (4)|bloom (8 each)|buckets (4 each)|chains (4 each)
 * </pre>
 */
final class ExportedSymbols {
  private static final int HEADER = 16;

  /** A chain has about four in files as linkers make them. */
  private static final int MAX_CHAIN = 256;

  private final ElfFile file;

  ExportedSymbols(ElfFile file) {
    this.file = file;
  }

  Map<String, Symbol> functions(Set<String> names) throws IOException {
    Optional<Section> hash = file.section(".gnu.hash");
    Optional<Section> symbols = file.section(".dynsym");
    if (hash.isEmpty() || symbols.isEmpty()) {
      return new SymbolScan(file).functions(".dynsym", names);
    }
    Optional<Section> strings = file.section(symbols.get().link());
    ByteBuffer header = file.read(hash.get().offset(), HEADER);
    if (strings.isEmpty() || header.remaining() < HEADER || header.getInt(0) == 0) {
      return Map.of();
    }
    Table table =
        new Table(
            hash.get(),
            symbols.get(),
            strings.get(),
            Integer.toUnsignedLong(header.getInt(0)),
            Integer.toUnsignedLong(header.getInt(4)),
            HEADER + 8 * Integer.toUnsignedLong(header.getInt(8)));
    Map<String, Symbol> found = new HashMap<>();
    for (String name : names) {
      find(table, name).ifPresent(symbol -> found.put(name, symbol));
    }
    return found;
  }

  /**
   * @param bucketsAt from the start of the section
   */
  private record Table(
      Section hash,
      Section symbols,
      Section strings,
      long buckets,
      long firstSymbol,
      long bucketsAt) {}

  private Optional<Symbol> find(Table table, String name) throws IOException {
    int hash = hash(name);
    long bucket = Integer.toUnsignedLong(hash) % table.buckets;
    long index = number(table, table.bucketsAt + 4 * bucket);
    for (int i = 0; i < MAX_CHAIN && index >= table.firstSymbol; i++, index++) {
      long chain = table.bucketsAt + 4 * (table.buckets + index - table.firstSymbol);
      int candidate = (int) number(table, chain);
      if ((candidate | 1) == (hash | 1)) {
        Optional<Symbol> symbol = symbol(table, index, name);
        if (symbol.isPresent()) {
          return symbol;
        }
      }
      if ((candidate & 1) != 0) {
        break;
      }
    }
    return Optional.empty();
  }

  /** 0, which ends every search, outside of the section. */
  private long number(Table table, long at) throws IOException {
    if (at + 4 > table.hash.size()) {
      return 0;
    }
    ByteBuffer bytes = file.read(table.hash.offset() + at, 4);
    return bytes.remaining() < 4 ? 0 : Integer.toUnsignedLong(bytes.getInt(0));
  }

  private Optional<Symbol> symbol(Table table, long index, String name) throws IOException {
    long at = index * SymbolEntry.SIZE;
    if (at + SymbolEntry.SIZE > table.symbols.size()) {
      return Optional.empty();
    }
    ByteBuffer entry = file.read(table.symbols.offset() + at, SymbolEntry.SIZE);
    if (entry.remaining() < SymbolEntry.SIZE || !SymbolEntry.isFunction(entry, 0)) {
      return Optional.empty();
    }
    byte[] wanted = (name + '\0').getBytes(StandardCharsets.ISO_8859_1);
    long nameAt = SymbolEntry.name(entry, 0);
    if (nameAt + wanted.length > table.strings.size()) {
      return Optional.empty();
    }
    ByteBuffer text = file.read(table.strings.offset() + nameAt, wanted.length);
    return text.remaining() == wanted.length && Arrays.equals(text.array(), wanted)
        ? Optional.of(SymbolEntry.symbol(name, entry, 0))
        : Optional.empty();
  }

  private static int hash(String name) {
    int hash = 5381;
    for (int i = 0; i < name.length(); i++) {
      hash = hash * 33 + name.charAt(i);
    }
    return hash;
  }
}
