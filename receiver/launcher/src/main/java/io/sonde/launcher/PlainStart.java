package io.sonde.launcher;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A start of the receiver without the library for command lines, which takes 100 ms of CPU with a
 * class archive, half as much again as all the rest, and 200 ms without: its classes are too old
 * for an archive. Recognises the usual words only; all else, and whatever is wrong, is left to the
 * library.
 *
 * @param config null when not given
 * @param captureOptionsTo null: nowhere
 */
record PlainStart(Path config, Path captureOptionsTo) {
  private static final String CONFIG = "--config=";
  private static final String OPTIONS_TO = "--capture-options-to=";

  static Optional<PlainStart> of(String... args) {
    if (args.length == 0 || !(args[0].equals("run") || args[0].equals("receive"))) {
      return Optional.empty();
    }
    Path config = null;
    Path captureOptionsTo = null;
    for (int i = 1; i < args.length; i++) {
      String word = args[i];
      if (word.startsWith(CONFIG)) {
        config = Path.of(word.substring(CONFIG.length()));
      } else if (word.startsWith(OPTIONS_TO)) {
        captureOptionsTo = Path.of(word.substring(OPTIONS_TO.length()));
      } else if ((word.equals("--config") || word.equals("-c")) && i + 1 < args.length) {
        config = Path.of(args[++i]);
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(new PlainStart(config, captureOptionsTo));
  }
}
