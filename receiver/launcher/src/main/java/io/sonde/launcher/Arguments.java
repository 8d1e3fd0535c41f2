package io.sonde.launcher;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * The command line. So small that a library for it would cost a tenth of the start-up time and give
 * nothing back.
 *
 * @param command receive, alloy, collector, version, capture-options or reference
 * @param config null when not given
 * @param captureOptionsTo where the options of the capture process are to be written; null: nowhere
 */
record Arguments(String command, Path config, Path captureOptionsTo, boolean help) {
  static final String USAGE =
      """
      Usage: sonde receive|alloy|collector [--config FILE]

      receive    receives what a capture process sends, decodes it, and exports traces and metrics;
                 needs no privilege, ends in good order on SIGTERM
      alloy      prints a configuration of Grafana Alloy that receives what this Sonde sends
      collector  the same for the OpenTelemetry Collector

        -c, --config FILE  configuration. Default: $BEYLA_CONFIG_PATH, or else conf/sonde.conf of
                           the distribution. Environment variables go before it.
        -h, --help         this text
      """;

  static Arguments parse(String... args) throws UsageException {
    Iterator<String> words = List.of(args).iterator();
    if (!words.hasNext()) {
      throw new UsageException("which command? sonde help lists them");
    }
    String command = words.next();
    Path config = null;
    Path captureOptionsTo = null;
    boolean help = false;
    while (words.hasNext()) {
      String word = words.next();
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      String attached = equals < 0 ? null : word.substring(equals + 1);
      switch (name) {
        case "-c", "--config", "-config" -> config = file(name, attached, words);
        case "--capture-options-to" -> captureOptionsTo = file(name, attached, words);
        case "-h", "--help" -> help = true;
        default ->
            throw new UsageException(
                "unknown argument '" + word + "': sonde " + command + " takes --config FILE only");
      }
    }
    return new Arguments(command, config, captureOptionsTo, help);
  }

  private static Path file(String name, String attached, Iterator<String> words)
      throws UsageException {
    if (attached == null && !words.hasNext()) {
      throw new UsageException(name + " needs a file: " + name + " /etc/sonde.conf");
    }
    return Path.of(attached == null ? words.next() : attached);
  }

  /** The command line cannot be understood. */
  static final class UsageException extends Exception {
    UsageException(String message) {
      super(message);
    }
  }
}
