package io.sonde.pipeline.identity.command;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ruby shop.rb} is shop; a server such as Puma is what it calls itself, its folder. */
final class RubyCommand {
  private static final Set<String> WITH_VALUE = Set.of("-r", "-I", "-C", "-x", "-E");

  /** Those that run the project of the folder they are in. */
  private static final Set<String> SERVERS =
      Set.of("puma", "rackup", "unicorn", "thin", "falcon", "rails", "bundle", "rake", "sidekiq");

  private static final Set<String> TAG = Set.of("--tag");

  /**
   * {@code puma 5.6.5 (tcp://127.0.0.1:9292) [shop]}, {@code puma: cluster worker 0: 17 [shop]}.
   */
  private static final Pattern TITLE = Pattern.compile("puma[ :].*\\[([^\\]]+)]");

  private RubyCommand() {}

  static Optional<String> name(CommandLine command) {
    Matcher title = TITLE.matcher(command.title());
    if (title.matches()) {
      return Optional.of(title.group(1));
    }
    int at = command.firstOperand(WITH_VALUE);
    if (command.arguments().stream().limit(at).anyMatch(argument -> argument.startsWith("-e"))) {
      return Optional.empty();
    }
    return command.get(at).map(script -> program(script, at, command));
  }

  private static String program(String script, int at, CommandLine command) {
    String name = Script.stem(script);
    return SERVERS.contains(name)
        ? command.value(TAG, at).or(() -> Script.project(command)).orElse(name)
        : Script.name(script, command);
  }
}
