package io.sonde.pipeline.identity.command;

import java.util.Optional;
import java.util.Set;

/**
 * {@code node shop.js} is shop, as are {@code node shop/server.js} and {@code node
 * shop/dist/index.js}.
 */
final class NodeCommand {
  private static final Set<String> WITH_VALUE =
      Set.of(
          "-r",
          "--require",
          "--import",
          "--loader",
          "--experimental-loader",
          "-C",
          "--conditions",
          "--env-file",
          "--title",
          "--icu-data-dir",
          "--openssl-config",
          "--redirect-warnings",
          "--input-type",
          "--max-http-header-size");

  /** What follows is the program itself, or there is none. */
  private static final Set<String> WITHOUT_SCRIPT =
      Set.of("-e", "--eval", "-p", "--print", "-pe", "-i", "--interactive", "-");

  private NodeCommand() {}

  static Optional<String> name(CommandLine command) {
    int script = command.firstOperand(WITH_VALUE);
    boolean evaluates =
        command.arguments().stream().limit(script).anyMatch(WITHOUT_SCRIPT::contains);
    return evaluates
        ? Optional.empty()
        : command.get(script).map(path -> Script.name(asFile(path), command));
  }

  /** A folder stands for the index within. */
  private static String asFile(String path) {
    return path.equals(".") || path.endsWith("/") ? path + "/index.js" : path;
  }
}
