package io.sonde.pipeline.identity.command;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code php shop.php} is shop, a worker of PHP-FPM is its pool. */
final class PhpCommand {
  private static final Set<String> WITH_VALUE =
      Set.of("-c", "-d", "-t", "-S", "-z", "-g", "--docroot", "--server", "--define", "--php-ini");

  private static final Set<String> WITHOUT_SCRIPT = Set.of("-r", "-R", "-a", "-B", "-E");

  private static final Set<String> SCRIPT = Set.of("-f", "--file");

  /** {@code php-fpm: pool shop}, {@code php-fpm: master process (/etc/…)}. */
  private static final Pattern TITLE = Pattern.compile("(php-fpm): (?:pool (.+)|master process.*)");

  private PhpCommand() {}

  static Optional<String> name(CommandLine command) {
    Matcher title = TITLE.matcher(command.title());
    if (title.matches()) {
      return Optional.of(title.group(2) == null ? title.group(1) : title.group(2));
    }
    int at = command.firstOperand(WITH_VALUE);
    if (command.arguments().stream().limit(at).anyMatch(WITHOUT_SCRIPT::contains)) {
      return Optional.empty();
    }
    return command
        .value(SCRIPT, 1)
        .or(() -> command.get(at))
        .map(script -> Script.name(script, command));
  }
}
