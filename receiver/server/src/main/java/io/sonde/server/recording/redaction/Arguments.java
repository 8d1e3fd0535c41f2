package io.sonde.server.recording.redaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The command line of a process without what may be secret: what names a service is kept, that is
 * the program and, of a program that runs another, its script, jar, module or main class.
 */
final class Arguments {
  private static final Pattern RUNS_ANOTHER =
      Pattern.compile(
          "(java|python|pypy|node|nodejs|deno|bun|ruby|php|perl|dotnet|mono|gunicorn|uvicorn|puma)"
              + "[0-9.]*");

  /** Say what comes next and nothing else. */
  private static final Set<String> KEPT =
      Set.of("-jar", "-m", "--module", "-u", "-cp", "-classpath");

  /** What follows is no script: code, a secret for all we know. */
  private static final Set<String> WITH_VALUE =
      Set.of(
          "-c",
          "-e",
          "-p",
          "-r",
          "-W",
          "-X",
          "-I",
          "-d",
          "-cp",
          "-classpath",
          "--class-path",
          "--module-path",
          "--eval",
          "--print",
          "--require",
          "--import",
          "--add-modules");

  static final String BLANK = "***";

  private Arguments() {}

  static List<String> redacted(String executable, List<String> arguments) {
    if (arguments.isEmpty()) {
      return arguments;
    }
    List<String> kept = new ArrayList<>(arguments.size());
    kept.add(arguments.get(0));
    String program = executable.substring(executable.lastIndexOf('/') + 1);
    boolean searching = RUNS_ANOTHER.matcher(program).matches();
    boolean value = false;
    for (String argument : arguments.subList(1, arguments.size())) {
      boolean option = argument.startsWith("-");
      if (searching && !option && !value) {
        kept.add(argument);
        searching = false;
      } else {
        kept.add(searching && option && KEPT.contains(argument) ? argument : BLANK);
      }
      value = option && WITH_VALUE.contains(argument);
    }
    return kept;
  }
}
