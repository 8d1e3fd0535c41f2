package io.sonde.launcher.beyla;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything that Beyla can be told, read from what its own reference says. */
public final class Settings {
  private static final int COLUMNS = 4;
  private static final String OBI = "OTEL_EBPF_";
  private static final List<Setting> OF_VARIABLES = read("variables.tsv");
  private static final List<Setting> OF_FILE = read("keys.tsv");

  private Settings() {}

  /** Those that an environment variable sets. */
  public static List<Setting> ofVariables() {
    return OF_VARIABLES;
  }

  /** Those of its file that the others do not include. */
  public static List<Setting> ofFile() {
    return OF_FILE;
  }

  /** By any spelling: BEYLA_X, BEYLA_OTEL_X and OTEL_EBPF_X are one variable. */
  public static Optional<Setting> byVariable(String name) {
    String wanted = common(name);
    return Stream.concat(ofVariables().stream(), ofFile().stream())
        .filter(setting -> setting.variables().stream().anyMatch(v -> common(v).equals(wanted)))
        .findFirst();
  }

  /**
   * Whether Beyla's file may have a key.
   *
   * @param key with {@code []} for the elements of a list; one that ends with {@code []} or {@code
   *     .*} asks for the list, or the free names, as a whole
   */
  public static boolean knows(String key) {
    return keys()
        .anyMatch(
            known ->
                known.equals(key)
                    || known.equals(key + ".*")
                    || key.endsWith("[]") && known.startsWith(key)
                    || known.endsWith(".*")
                        && key.startsWith(known.substring(0, known.length() - 1)));
  }

  /** What was probably meant. */
  public static Optional<String> nearest(String key) {
    return Nearest.to(key, keys().toList());
  }

  private static Stream<String> keys() {
    return Stream.concat(OF_VARIABLES.stream(), OF_FILE.stream())
        .flatMap(setting -> setting.keys().stream());
  }

  private static String common(String variable) {
    return variable.replaceFirst("^BEYLA_(OTEL_)?", OBI);
  }

  private static List<Setting> read(String resource) {
    try (InputStream in = Settings.class.getResourceAsStream(resource);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.startsWith("#")).map(Settings::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " of this very jar cannot be read", e);
    }
  }

  private static Setting parse(String line) {
    String[] columns = line.split("\t", -1);
    if (columns.length != COLUMNS) {
      throw new IllegalStateException("not four columns: " + line);
    }
    return new Setting(list(columns[0]), list(columns[1]), columns[2], columns[3]);
  }

  private static List<String> list(String column) {
    return column.isEmpty() ? List.of() : Arrays.asList(column.split(","));
  }
}
