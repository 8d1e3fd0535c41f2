package io.sonde.probes.capture;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One condition of a rule.
 *
 * @param name its key in the configuration, e.g. {@code exe_path}
 * @param wanted its value there
 * @param test whether a process meets it
 * @param fact what the process has where the condition looks, for people to read
 */
record Criterion(
    String name, String wanted, Predicate<Candidate> test, Function<Candidate, String> fact) {

  /** In place of a language that cannot be told, as Beyla has it. */
  private static final String GENERIC = "generic";

  static Criterion openPorts(String wanted, List<PortRange> ranges) {
    return new Criterion(
        "open_ports",
        wanted,
        process -> process.ports().stream().anyMatch(port -> PortRange.anyHas(ranges, port)),
        process ->
            new TreeSet<>(process.ports())
                .stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  static Criterion exePath(String wanted, Pattern glob) {
    return new Criterion(
        "exe_path", wanted, process -> matches(glob, process.executable()), Candidate::executable);
  }

  /** Anywhere in the path, as Go's MatchString. */
  static Criterion exePathRegex(String wanted, Pattern regex) {
    return new Criterion(
        "exe_path_regexp",
        wanted,
        process -> !process.executable().isEmpty() && regex.matcher(process.executable()).find(),
        Candidate::executable);
  }

  static Criterion cmdArgs(String wanted, Pattern glob) {
    return new Criterion(
        "cmd_args", wanted, process -> matches(glob, commandLine(process)), Criterion::commandLine);
  }

  static Criterion languages(String wanted, Pattern glob) {
    return new Criterion(
        "languages", wanted, process -> matches(glob, language(process)), Criterion::language);
  }

  static Criterion pids(String wanted, Set<Integer> pids) {
    return new Criterion(
        "target_pids",
        wanted,
        process -> pids.contains(process.pid()),
        process -> Integer.toString(process.pid()));
  }

  static Criterion containersOnly() {
    return new Criterion(
        "containers_only",
        "true",
        process -> !process.containerId().isEmpty(),
        Candidate::containerId);
  }

  boolean isMetBy(Candidate process) {
    return test.test(process);
  }

  private static boolean matches(Pattern glob, String text) {
    return !text.isEmpty() && glob.matcher(text).matches();
  }

  private static String commandLine(Candidate process) {
    return String.join(" ", process.arguments());
  }

  private static String language(Candidate process) {
    return process.language().isEmpty() ? GENERIC : process.language();
  }
}
