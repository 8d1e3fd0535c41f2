package io.sonde.pipeline.identity.command;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Names a script by its file or, where every project calls that the same, by its folder. */
final class Script {
  private static final Pattern SUFFIX =
      Pattern.compile("\\.(py[cwz]?|pex|[cm]?[jt]s|rb|ru|php|phar|dll|jar|war|java)$");

  /** Says which file of the project it is, not which project. */
  private static final Set<String> ENTRY_POINTS =
      Set.of("__main__", "app", "artisan", "index", "main", "manage", "server");

  /** Where projects put what they built, or what they were built from. */
  private static final Set<String> INNER_FOLDERS =
      Set.of("bin", "build", "dist", "lib", "out", "public", "src", "web");

  /** Where images put any project. */
  private static final Set<String> ANY_PROJECT =
      Set.of(
          "",
          "app",
          "apps",
          "application",
          "code",
          "home",
          "html",
          "opt",
          "root",
          "srv",
          "usr",
          "var",
          "work",
          "workspace",
          "www",
          "tmp");

  private Script() {}

  /**
   * @param path of the script, as it was given
   */
  static String name(String path, CommandLine command) {
    String stem = stem(path);
    return stem.isEmpty() || ENTRY_POINTS.contains(stem)
        ? project(absolute(path, command.directory())).orElse(stem)
        : stem;
  }

  /** By the folder it runs in; empty when that tells nothing. */
  static Optional<String> project(CommandLine command) {
    return project(command.directory() + "/");
  }

  static String stem(String path) {
    return SUFFIX.matcher(CommandName.baseName(path)).replaceFirst("");
  }

  /** Of the folder that the file is in. */
  private static Optional<String> project(String file) {
    String[] folders = file.substring(0, file.lastIndexOf('/') + 1).split("/");
    int at = folders.length - 1;
    while (at > 0 && (INNER_FOLDERS.contains(folders[at]) || folders[at].equals("."))) {
      at--;
    }
    return at < 0 || ANY_PROJECT.contains(folders[at])
        ? Optional.empty()
        : Optional.of(folders[at]);
  }

  private static String absolute(String path, String directory) {
    return path.startsWith("/") ? path : directory + "/" + path;
  }
}
