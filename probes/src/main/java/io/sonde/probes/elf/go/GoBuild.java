package io.sonde.probes.elf.go;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Section;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Go's linker says of a program's making: the compiler's version and those of the modules
 * within (Go's {@code debug/buildinfo}). Stripping leaves it.
 *
 * @param go as the compiler calls itself: {@code go1.22.3}, perhaps with more behind
 * @param modules versions by the modules' paths, as {@code v1.8.1}
 */
public record GoBuild(String go, Map<String, String> modules) {
  private static final String SECTION = ".go.buildinfo";
  private static final byte[] MAGIC = "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1);
  private static final int FLAGS = 15;
  private static final int INLINE = 2;
  private static final int STRINGS = 32;
  private static final int POINTERS = 16;
  private static final int MAX_BYTES = 4 << 20;

  /** Marks around the list of modules, which are no part of it. */
  private static final int SENTINEL = 16;

  public GoBuild {
    modules = Map.copyOf(modules);
  }

  /**
   * Of a Go program.
   *
   * @throws UnreadableGoException when it is of a form that is not known
   */
  public static GoBuild of(ElfFile file) throws IOException, UnreadableGoException {
    Optional<Section> section = file.section(SECTION);
    if (section.isEmpty()) {
      throw new UnreadableGoException("it does not say which Go made it");
    }
    long size = Math.min(section.get().size(), MAX_BYTES);
    ByteBuffer bytes = file.read(section.get().offset(), (int) size);
    if (bytes.limit() < STRINGS || !bytes.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
      throw new UnreadableGoException("it says in an unknown form which Go made it");
    }
    if ((bytes.get(FLAGS) & INLINE) == 0) {
      long at = section.get().address() + POINTERS;
      return new GoBuild(string(file, at), modules(string(file, at + Long.BYTES)));
    }
    bytes.position(STRINGS);
    return new GoBuild(inline(bytes), modules(inline(bytes)));
  }

  /** Since Go 1.18: a length of 7 bits a byte, and the bytes. */
  private static String inline(ByteBuffer bytes) throws UnreadableGoException {
    long length = 0;
    int shift = 0;
    byte part = (byte) 0x80;
    while (part < 0 && bytes.hasRemaining() && shift < Long.SIZE) {
      part = bytes.get();
      length |= (long) (part & 0x7f) << shift;
      shift += 7;
    }
    if (length < 0 || length > bytes.remaining()) {
      throw new UnreadableGoException("what it says of its making is cut off");
    }
    byte[] text = new byte[(int) length];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Before that: a pointer to a pointer and a length. */
  private static String string(ElfFile file, long at) throws IOException, UnreadableGoException {
    Relocations relocations = new Relocations(file);
    long header = relocations.words(Set.of(at)).get(at);
    Map<Long, Long> words = relocations.words(Set.of(header, header + Long.BYTES));
    long length = words.get(header + Long.BYTES);
    if (header == 0 || length < 0 || length > MAX_BYTES) {
      throw new UnreadableGoException("what it says of its making is not where it should be");
    }
    ByteBuffer text = file.readAt(words.get(header), (int) length);
    byte[] copy = new byte[text.remaining()];
    text.get(copy);
    return new String(copy, StandardCharsets.UTF_8);
  }

  /** Lines {@code dep path version sum}; a line {@code => path version sum} takes one's place. */
  private static Map<String, String> modules(String told) {
    Map<String, String> modules = new HashMap<>();
    String lines =
        told.length() > 2 * SENTINEL ? told.substring(SENTINEL, told.length() - SENTINEL) : "";
    String last = "";
    for (String line : lines.split("\n")) {
      List<String> words = List.of(line.split("\t"));
      if (words.size() >= 3 && (words.get(0).equals("dep") || words.get(0).equals("mod"))) {
        last = words.get(1);
        modules.put(last, words.get(2));
      } else if (words.size() >= 3 && words.get(0).equals("=>")) {
        // another module's code has versions of its own
        modules.put(last, words.get(1).equals(last) ? words.get(2) : "");
      }
    }
    return modules;
  }

  /** Of Go; empty when a version in the making compiled it. */
  public Optional<Release> release() {
    return go.startsWith("go") ? Release.of(go.substring(2)) : Optional.empty();
  }

  /** Of a module; empty when it is not within, or of no release. */
  public Optional<Release> release(String module) {
    String version = modules.getOrDefault(module, "");
    return version.startsWith("v") ? Release.of(version.substring(1)) : Optional.empty();
  }
}
