package io.sonde.pipeline.identity.command;

import io.sonde.pipeline.event.ProcessStarted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names a program by its command line. */
public final class CommandName {
  /** By the base name of the executable. */
  private static final List<Map.Entry<Pattern, Interpreter>> INTERPRETERS =
      List.of(
          interpreter("(python|pypy)[\\d.]*", PythonCommand::name),
          interpreter("node|nodejs", NodeCommand::name),
          interpreter("java", JavaCommand::name),
          interpreter("ruby[\\d.]*", RubyCommand::name),
          interpreter("php(-fpm|-cgi)?[\\d.]*", PhpCommand::name),
          interpreter("dotnet", DotnetCommand::name));

  @FunctionalInterface
  private interface Interpreter {
    /** The name of what is run; empty when the arguments do not tell. */
    Optional<String> name(CommandLine command);
  }

  private CommandName() {}

  /** Empty when even the executable is not known. */
  public static String of(ProcessStarted process) {
    String executable = baseName(process.executable());
    CommandLine command = new CommandLine(process.arguments(), process.workingDirectory());
    return INTERPRETERS.stream()
        .filter(entry -> entry.getKey().matcher(executable).matches())
        .findFirst()
        .flatMap(entry -> entry.getValue().name(command))
        .filter(name -> !name.isBlank())
        .orElse(executable);
  }

  static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static Map.Entry<Pattern, Interpreter> interpreter(String pattern, Interpreter names) {
    return Map.entry(Pattern.compile(pattern), names);
  }
}
