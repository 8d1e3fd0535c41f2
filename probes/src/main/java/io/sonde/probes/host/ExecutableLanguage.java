package io.sonde.probes.host;

import io.sonde.probes.BoundedMap;
import io.sonde.probes.elf.ElfFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;

/**
 * What an executable file itself tells of the language it was written in, by traces that stripping
 * leaves: sections that are loaded, libraries it needs, texts in its constants. C leaves none that
 * other compilers would not: a program in C is of an unknown language. Remembers its latest
 * answers, for a server's processes are of few files. Safe for many threads.
 */
final class ExecutableLanguage {
  private static final int MAX_REMEMBERED = 512;

  /** Names of needed libraries stand in it, among those of all imported and exported symbols. */
  private static final int MAX_DYNAMIC_STRINGS = 1 << 20;

  private static final int MAX_COMMENT = 4096;

  /** A look takes about a millisecond for each MiB. */
  private static final int MAX_CONSTANTS = 1 << 20;

  /** One of these is a certain sign. */
  private static final Map<String, String> BY_SECTION =
      Map.of(
          ".go.buildinfo", "go", // the Go linker always writes it
          ".svm_heap", "java", // GraalVM native image
          "__managedcode", "dotnet"); // .NET, compiled ahead of time

  /** By the start of the name of a library that the file needs. */
  private static final List<Map.Entry<String, String>> BY_NEEDED =
      List.of(
          Map.entry("libjli.so", "java"), // the launcher of java and the JDK's other programs
          Map.entry("libpython", "python"),
          Map.entry("libruby", "ruby"),
          Map.entry("libnode.so", "nodejs"));

  private static final byte[] RUST_COMPILER = ascii("rustc version ");

  /** Where the panic messages of Rust's standard library say they come from. */
  private static final byte[] RUST_LIBRARY = ascii("/library/core/src/");

  /** What the host of a .NET program loads. */
  private static final byte[] DOTNET_HOST = ascii("libhostfxr.so");

  private static final List<byte[]> CPP_LIBRARIES =
      List.of(ascii("\0libstdc++.so"), ascii("\0libc++.so"));

  /** The type name of an exception, in a program that has the C++ library within. */
  private static final byte[] CPP_EXCEPTION = ascii("St9bad_alloc\0");

  /** As of a certain state of the file. */
  private record Version(Object device, Object inode, Object modified, Object size) {}

  private final Map<Version, String> remembered = BoundedMap.byUse(MAX_REMEMBERED);

  /** Value of telemetry.sdk.language, or empty when the file does not tell. */
  synchronized String of(Path executable) throws IOException {
    Map<String, Object> facts =
        Files.readAttributes(executable, "unix:dev,ino,lastModifiedTime,size");
    Version version =
        new Version(
            facts.get("dev"),
            facts.get("ino"),
            (FileTime) facts.get("lastModifiedTime"),
            facts.get("size"));
    String known = remembered.get(version);
    if (known == null) {
      known = read(executable);
      remembered.put(version, known);
    }
    return known;
  }

  private static String read(Path executable) throws IOException {
    try (ElfFile file = ElfFile.open(executable)) {
      for (Map.Entry<String, String> entry : BY_SECTION.entrySet()) {
        if (file.has(entry.getKey())) {
          return entry.getValue();
        }
      }
      byte[] dynamic = file.read(".dynstr", MAX_DYNAMIC_STRINGS);
      for (Map.Entry<String, String> entry : BY_NEEDED) {
        if (contains(dynamic, ascii("\0" + entry.getKey()))) {
          return entry.getValue();
        }
      }
      if (contains(file.read(".comment", MAX_COMMENT), RUST_COMPILER)) {
        return "rust";
      }
      byte[] constants = file.read(".rodata", MAX_CONSTANTS);
      if (contains(constants, RUST_LIBRARY)) {
        return "rust";
      }
      if (contains(constants, DOTNET_HOST)) {
        return "dotnet";
      }
      boolean cpp = CPP_LIBRARIES.stream().anyMatch(library -> contains(dynamic, library));
      return cpp || contains(constants, CPP_EXCEPTION) ? "cpp" : "";
    }
  }

  private static boolean contains(byte[] text, byte[] word) {
    int last = text.length - word.length;
    for (int at = 0; at <= last; at++) {
      if (text[at] == word[0] && matches(text, at, word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(byte[] text, int at, byte[] word) {
    for (int i = 1; i < word.length; i++) {
      if (text[at + i] != word[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
