package io.sonde.probes.elf.go;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Section;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks functions up in the table that Go's linker leaves in every executable (pclntab; Go's {@code
 * runtime/symtab.go} and {@code debug/gosym}), of Go 1.16 on.
 */
public final class GoFunctions {
  /** In {@code runtime.moduledata}. */
  private static final int MODULE_TEXT = 22 * Long.BYTES;

  /** Linkers give a name to a function and at most to a few of its wrappers. */
  private static final int MAX_FOUND = 32;

  /** Its two addresses as distances from the start of code; or where they stand in the index. */
  private record Entry(String name, long start, long end) {}

  private final ElfFile file;
  private final TableLocation table;
  private final TableHeader header;

  private GoFunctions(ElfFile file, TableLocation table) {
    this.file = file;
    this.table = table;
    this.header = table.header();
  }

  /** Whether this is what a Go linker wrote. */
  public static boolean isGo(ElfFile file) {
    return file.has(".go.buildinfo");
  }

  /**
   * Of a Go program.
   *
   * @throws UnreadableGoException when its table is not found, or of a form that is not known
   */
  public static GoFunctions of(ElfFile file) throws IOException, UnreadableGoException {
    if (file.machine() != ElfFile.X86_64) {
      throw new UnreadableGoException("its machine is not x86-64");
    }
    return new GoFunctions(file, TableLocation.in(file));
  }

  /** Those of these names; a name can be of several, when the linker has made wrappers. */
  public List<GoFunction> named(Set<String> names) throws IOException, UnreadableGoException {
    Map<Integer, String> places = places(names);
    List<Entry> entries = places.isEmpty() ? List.of() : entries(places);
    return header.addressesWhole() ? resolved(entries) : fromTextStart(entries);
  }

  /** Where each name stands, from the beginning of the names. */
  private Map<Integer, String> places(Set<String> names) throws IOException, UnreadableGoException {
    Map<Integer, String> places = new HashMap<>();
    byte[] name = new byte[names.stream().mapToInt(String::length).max().orElse(0)];
    Map<Integer, List<byte[]>> byLength = new HashMap<>();
    for (String wanted : names) {
      byte[] bytes = wanted.getBytes(StandardCharsets.UTF_8);
      byLength.computeIfAbsent(bytes.length, length -> new ArrayList<>()).add(bytes);
    }
    long size = header.namesEnd() - header.names();
    Window bytes = new Window(file, table.offset() + header.names(), size);
    long start = 0;
    for (long at = 0; at < size && at <= Integer.MAX_VALUE; at++) {
      byte b = bytes.get(at);
      long length = at - start;
      if (b != 0) {
        if (length < name.length) {
          name[(int) length] = b;
        }
        continue;
      }
      if (length > 0 && length <= name.length) {
        for (byte[] wanted : byLength.getOrDefault((int) length, List.of())) {
          if (Arrays.equals(name, 0, (int) length, wanted, 0, wanted.length)) {
            places.put((int) start, new String(wanted, StandardCharsets.UTF_8));
          }
        }
      }
      start = at + 1;
    }
    return places;
  }

  private List<Entry> entries(Map<Integer, String> places)
      throws IOException, UnreadableGoException {
    List<Entry> found = new ArrayList<>();
    long start = table.offset() + header.index();
    long size = header.described(table.available());
    int entry = header.entrySize();
    int half = entry / 2;
    Window index = new Window(file, start, (header.functions() + 1) * entry);
    Window descriptions = new Window(file, start, size);
    for (long i = 0; i < header.functions(); i++) {
      long address = word(index, i * entry);
      long description = word(index, i * entry + half);
      String name = places.get(descriptions.getInt(description + half));
      if (name != null) {
        if (found.size() == MAX_FOUND) {
          throw new UnreadableGoException("it has " + name + " and others again and again");
        }
        found.add(
            header.addressesWhole()
                ? new Entry(name, i * entry, (i + 1) * entry)
                : new Entry(name, address, word(index, (i + 1) * entry)));
      }
    }
    return found;
  }

  private long word(Window window, long at) throws IOException, UnreadableGoException {
    return header.addressesWhole() ? window.getLong(at) : Integer.toUnsignedLong(window.getInt(at));
  }

  private List<GoFunction> fromTextStart(List<Entry> entries)
      throws IOException, UnreadableGoException {
    if (entries.isEmpty()) {
      return List.of();
    }
    long text = textStart();
    return entries.stream()
        .map(entry -> new GoFunction(entry.name, text + entry.start, text + entry.end))
        .toList();
  }

  /** Up to Go 1.17 the index has whole addresses, which the loader relocates. */
  private List<GoFunction> resolved(List<Entry> entries) throws IOException {
    long index = table.address() + header.index();
    Set<Long> addresses = new HashSet<>();
    for (Entry entry : entries) {
      addresses.add(index + entry.start);
      addresses.add(index + entry.end);
    }
    Map<Long, Long> words = new Relocations(file).words(addresses);
    return entries.stream()
        .map(
            entry ->
                new GoFunction(
                    entry.name, words.get(index + entry.start), words.get(index + entry.end)))
        .toList();
  }

  /**
   * What addresses in the index count from. Since Go 1.26 the header does not say it any more; then
   * it is taken from where the runtime takes it. (The start of the section with the code is not it:
   * a linker of C may have put code of its own first.)
   */
  private long textStart() throws IOException, UnreadableGoException {
    Relocations relocations = new Relocations(file);
    long inHeader = table.address() + header.textStartAt();
    long text = relocations.words(Set.of(inHeader)).get(inHeader);
    if (text != 0) {
      return text;
    }
    Optional<Section> module = file.section(".go.module");
    if (module.isPresent()) {
      long own = module.get().address();
      Map<Long, Long> words = relocations.words(Set.of(own, own + MODULE_TEXT));
      if (words.get(own) == table.address()) {
        return words.get(own + MODULE_TEXT);
      }
    }
    throw new UnreadableGoException("it does not say where its code begins");
  }
}
