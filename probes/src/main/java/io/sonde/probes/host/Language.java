package io.sonde.probes.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Tells the language a program is written in, as a value of telemetry.sdk.language; empty when it
 * cannot tell.
 */
final class Language {
  private static final int MAX_MAPPINGS = 2000;
  private static final int MAX_SECTIONS = 200;
  private static final int MAX_NAMES = 64 * 1024;
  private static final int ELF64_HEADER = 64;
  private static final int SECTION_HEADER = 64;
  private static final int ELF_MAGIC = 0x464c457f; // 0x7f 'E' 'L' 'F', little endian

  /** By the start of the executable's base name; the first match counts. */
  private static final List<Map.Entry<String, String>> BY_EXECUTABLE =
      List.of(
          Map.entry("python", "python"),
          Map.entry("node", "nodejs"),
          Map.entry("java", "java"),
          Map.entry("ruby", "ruby"),
          Map.entry("php", "php"),
          Map.entry("dotnet", "dotnet"));

  /** By a library that is mapped into the process. */
  private static final List<Map.Entry<String, String>> BY_LIBRARY =
      List.of(
          Map.entry("/libjvm.so", "java"),
          Map.entry("/libpython", "python"),
          Map.entry("/libnode.so", "nodejs"),
          Map.entry("/libruby", "ruby"),
          Map.entry("/libcoreclr.so", "dotnet"),
          Map.entry("/libphp", "php"));

  private Language() {}

  /**
   * @param executable resolved path, for its name
   * @param image the executable as seen by us (/proc/pid/exe)
   * @param maps /proc/pid/maps
   */
  static String detect(String executable, Path image, Path maps) {
    String base = executable.substring(executable.lastIndexOf('/') + 1);
    for (Map.Entry<String, String> entry : BY_EXECUTABLE) {
      if (base.startsWith(entry.getKey())) {
        return entry.getValue();
      }
    }
    try {
      return hasGoBuildInfo(image) ? "go" : byLibrary(maps);
    } catch (IOException e) {
      return ""; // gone meanwhile, or not readable for us: unknown
    }
  }

  private static String byLibrary(Path maps) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(maps, StandardCharsets.UTF_8)) {
      String line = reader.readLine();
      for (int i = 0; line != null && i < MAX_MAPPINGS; i++, line = reader.readLine()) {
        for (Map.Entry<String, String> entry : BY_LIBRARY) {
          if (line.contains(entry.getKey())) {
            return entry.getValue();
          }
        }
      }
    }
    return "";
  }

  /**
   * Looks for the section .go.buildinfo, which the Go linker always writes (ELF-64, little endian).
   */
  private static boolean hasGoBuildInfo(Path image) throws IOException {
    try (FileChannel file = FileChannel.open(image)) {
      ByteBuffer header = read(file, 0, ELF64_HEADER);
      if (header.remaining() < ELF64_HEADER
          || header.getInt(0) != ELF_MAGIC
          || header.get(4) != 2) {
        return false;
      }
      long sectionsAt = header.getLong(40);
      int sections = Math.min(Short.toUnsignedInt(header.getShort(60)), MAX_SECTIONS);
      int namesIndex = Short.toUnsignedInt(header.getShort(62));
      if (sectionsAt <= 0 || namesIndex >= sections) {
        return false;
      }
      ByteBuffer table = read(file, sectionsAt, sections * SECTION_HEADER);
      if (table.remaining() < sections * SECTION_HEADER) {
        return false;
      }
      long namesAt = table.getLong(namesIndex * SECTION_HEADER + 24);
      long namesSize = table.getLong(namesIndex * SECTION_HEADER + 32);
      if (namesAt <= 0 || namesSize <= 0) {
        return false;
      }
      ByteBuffer names = read(file, namesAt, (int) Math.min(namesSize, MAX_NAMES));
      return new String(names.array(), 0, names.remaining(), StandardCharsets.ISO_8859_1)
          .contains(".go.buildinfo\0");
    }
  }

  private static ByteBuffer read(FileChannel file, long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    int n = 0;
    while (n >= 0 && buffer.hasRemaining()) {
      n = file.read(buffer, position + buffer.position());
    }
    return buffer.flip();
  }
}
