package io.sonde.launcher.companion;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The part of Alloy's reference that our files use: documented.txt. */
final class Documented {
  private static final Documented ALLOY = read();

  /**
   * @param known attributes and blocks that may be in it
   * @param required those of them that must be
   * @param exports names behind its id that other blocks may refer to
   */
  record Kind(Set<String> known, Set<String> required, Set<String> exports) {}

  private final Map<String, Kind> kinds;

  private Documented(Map<String, Kind> kinds) {
    this.kinds = kinds;
  }

  static Documented alloy() {
    return ALLOY;
  }

  /** With the custom components that a module declares, under the name it is imported as. */
  Documented with(String imported, AlloyFile.Block module) {
    Map<String, Kind> all = new HashMap<>(kinds);
    for (AlloyFile.Block declared : module.named("declare")) {
      Set<String> known = labels(declared.named("argument"));
      Set<String> required =
          labels(
              declared.named("argument").stream()
                  .filter(argument -> argument.value("optional").isEmpty())
                  .toList());
      all.put(
          imported + "." + declared.label(),
          new Kind(known, required, labels(declared.named("export"))));
    }
    return new Documented(all);
  }

  /** Null where it is not documented. */
  Kind kind(String path) {
    return kinds.get(path);
  }

  static Set<String> labels(List<AlloyFile.Block> blocks) {
    return new TreeSet<>(blocks.stream().map(AlloyFile.Block::label).toList());
  }

  private static Documented read() {
    Map<String, Kind> kinds = new HashMap<>();
    try (InputStream in = Documented.class.getResourceAsStream("documented.txt")) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(
              line -> kinds.put(line.split("[: ]", 2)[0], kind(line.split(" ", 2)[1].split(" "))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Documented(kinds);
  }

  private static Kind kind(String... words) {
    Kind kind = new Kind(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    Set<String> names = kind.known();
    for (String word : words) {
      if (word.equals("->")) {
        names = kind.exports();
        continue;
      }
      names.add(word.replace("!", ""));
      if (word.endsWith("!")) {
        kind.required().add(word.replace("!", ""));
      }
    }
    return kind;
  }
}
