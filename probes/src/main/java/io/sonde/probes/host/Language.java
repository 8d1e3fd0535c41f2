package io.sonde.probes.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Tells the language a program is written in, as a value of telemetry.sdk.language; empty when it
 * cannot tell.
 */
final class Language {
  private static final int MAX_MAPPINGS = 2000;

  /** By the executable's base name. */
  private static final List<Map.Entry<Pattern, String>> BY_EXECUTABLE =
      List.of(
          named("(python|pypy)[\\d.]*", "python"),
          named("node|nodejs", "nodejs"),
          named("java", "java"),
          named("ruby[\\d.]*", "ruby"),
          named("php(-fpm|-cgi)?[\\d.]*", "php"),
          named("dotnet", "dotnet"),
          named("beam(\\.smp)?", "erlang"));

  /** By a library that is mapped into the process. */
  private static final List<Map.Entry<String, String>> BY_LIBRARY =
      List.of(
          Map.entry("/libjvm.so", "java"),
          Map.entry("/libpython", "python"),
          Map.entry("/libnode.so", "nodejs"),
          Map.entry("/libruby", "ruby"),
          Map.entry("/libcoreclr.so", "dotnet"),
          Map.entry("/libphp", "php"),
          Map.entry("/libswiftCore.so", "swift"));

  private final ExecutableLanguage executables = new ExecutableLanguage();

  /**
   * @param executable resolved path, for its name
   * @param image the executable as seen by us (/proc/pid/exe)
   * @param maps /proc/pid/maps
   */
  String detect(String executable, Path image, Path maps) {
    String base = executable.substring(executable.lastIndexOf('/') + 1);
    for (Map.Entry<Pattern, String> entry : BY_EXECUTABLE) {
      if (entry.getKey().matcher(base).matches()) {
        return entry.getValue();
      }
    }
    try {
      String own = executables.of(image);
      if (!own.isEmpty() && !own.equals("cpp")) {
        return own;
      }
      // many a runtime is in C++, and a program of its own with the runtime in a library
      String byLibrary = byLibrary(maps);
      return byLibrary.isEmpty() ? own : byLibrary;
    } catch (IOException e) {
      return ""; // gone meanwhile, or not readable for us: unknown
    }
  }

  private static String byLibrary(Path maps) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(maps, StandardCharsets.ISO_8859_1)) {
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

  private static Map.Entry<Pattern, String> named(String pattern, String language) {
    return Map.entry(Pattern.compile(pattern), language);
  }
}
