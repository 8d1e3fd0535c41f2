package io.sonde.pipeline.identity.command;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code python shop.py} and {@code python -m shop} are shop, as are the servers that run an
 * application, {@code gunicorn shop.wsgi:app}.
 */
final class PythonCommand {
  /** Those that are told an application as {@code package.module:object}. */
  private static final Set<String> SERVERS =
      Set.of("gunicorn", "uvicorn", "hypercorn", "daphne", "granian", "waitress-serve");

  /** Those that are told it by an option. */
  private static final Set<String> RUNNERS = Set.of("flask", "celery");

  private static final Set<String> APPLICATION_OPTIONS = Set.of("--app", "-A");
  private static final Pattern APPLICATION =
      Pattern.compile("([A-Za-z_][\\w.]*):[A-Za-z_][\\w.]*(\\(.*\\))?");

  /** As gunicorn calls itself where it can. */
  private static final Pattern TITLE =
      Pattern.compile("gunicorn: (?:master|worker) \\[([^\\]]+)].*");

  private static final Pattern SUFFIX = Pattern.compile("(\\.py)?(:.*)?$");

  /** Letters of options that take a value, in the same argument or the next one. */
  private static final String WITH_VALUE = "WXQ";

  private PythonCommand() {}

  static Optional<String> name(CommandLine command) {
    Matcher title = TITLE.matcher(command.title());
    if (title.matches()) {
      return Optional.of(module(title.group(1)));
    }
    for (int at = 1; at < command.arguments().size(); at++) {
      String argument = command.arguments().get(at);
      if (!argument.startsWith("-") || argument.equals("-")) {
        return argument.equals("-") ? Optional.empty() : program(argument, at, command);
      }
      if (argument.startsWith("--")) {
        at += argument.equals("--check-hash-based-pycs") ? 1 : 0;
        continue;
      }
      int letter = firstOf(argument, "mc" + WITH_VALUE);
      if (letter < 0) {
        continue;
      }
      boolean attached = letter + 1 < argument.length();
      if (argument.charAt(letter) == 'c') {
        return Optional.empty();
      }
      if (argument.charAt(letter) == 'm') {
        int last = attached ? at : at + 1;
        return (attached ? Optional.of(argument.substring(letter + 1)) : command.get(last))
            .flatMap(module -> program(module, last, command));
      }
      at += attached ? 0 : 1;
    }
    return Optional.empty();
  }

  /**
   * @param program script or module
   * @param at index of it
   */
  private static Optional<String> program(String program, int at, CommandLine command) {
    String name = CommandName.baseName(program);
    if (SERVERS.contains(name)) {
      return Optional.of(
          command.arguments().stream()
              .skip(at + 1L)
              .filter(argument -> APPLICATION.matcher(argument).matches())
              .findFirst()
              .map(PythonCommand::module)
              .orElse(name));
    }
    if (RUNNERS.contains(name)) {
      return Optional.of(
          command.value(APPLICATION_OPTIONS, at + 1).map(PythonCommand::module).orElse(name));
    }
    return Optional.of(Script.name(program, command));
  }

  /** {@code shop.wsgi:app} is shop. */
  private static String module(String application) {
    String[] path = SUFFIX.matcher(application).replaceFirst("").split("\\.");
    return path.length > 1 && path[0].equals("src") ? path[1] : path[0];
  }

  private static int firstOf(String argument, String letters) {
    for (int i = 1; i < argument.length(); i++) {
      if (letters.indexOf(argument.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }
}
