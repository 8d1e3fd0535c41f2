package io.sonde.pipeline.identity.command;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code java -jar shop-1.2.jar} is shop, {@code java com.acme.Shop} is Shop. A main class that any
 * project may have is known by its package, one of Apache's by the project.
 */
final class JavaCommand {
  /** As java(1) has them. */
  private static final Set<String> WITH_VALUE =
      Set.of(
          "-cp",
          "-classpath",
          "--class-path",
          "-p",
          "--module-path",
          "--upgrade-module-path",
          "--add-modules",
          "--add-exports",
          "--add-opens",
          "--add-reads",
          "--limit-modules",
          "--patch-module",
          "--enable-native-access",
          "--source",
          "--describe-module");

  private static final Set<String> MODULE = Set.of("-m", "--module");

  /**
   * Such as {@code -1.2.3-SNAPSHOT}, {@code -2.0.0.RELEASE-exec}, {@code -all}. Never steps back
   * into what it has matched, so that no file name makes it slow.
   */
  private static final Pattern VERSION =
      Pattern.compile(
          "(-v?\\d++(\\.\\d++)*+"
              + "([-.+](SNAPSHOT|RELEASE|FINAL|Final|GA|(?i:rc|m|alpha|beta|b)[-.]?\\d*"
              + "|[0-9a-f]{7,40}|\\d+)(?=[-.+]|$))*+)?"
              + "(-(all|exec|fat|runner|shaded|standalone|uber|jar-with-dependencies))?$");

  private static final Set<String> ANY_MAIN =
      Set.of("App", "Application", "Bootstrap", "Launcher", "Main", "MainKt", "Server", "Start");

  private static final Pattern APACHE = Pattern.compile("org\\.apache\\.(\\w+)\\..*");

  /** Starts what is packed with it, and says nothing of that. */
  private static final String SPRING_LOADER = "org.springframework.boot.loader.";

  private JavaCommand() {}

  static Optional<String> name(CommandLine command) {
    for (int at = 1; at < command.arguments().size(); at++) {
      String argument = command.arguments().get(at);
      if (argument.equals("-jar")) {
        return command.get(at + 1).map(JavaCommand::ofJar);
      }
      if (MODULE.contains(argument)) {
        return command.get(at + 1).map(JavaCommand::ofModule);
      }
      if (argument.startsWith("--module=")) {
        return Optional.of(ofModule(argument.substring("--module=".length())));
      }
      if (WITH_VALUE.contains(argument)) {
        at++;
      } else if (!argument.startsWith("-") && !argument.startsWith("@")) {
        return argument.endsWith(".java")
            ? Optional.of(Script.stem(argument))
            : ofClass(argument.replace('/', '.'));
      }
    }
    return Optional.empty();
  }

  private static String ofJar(String path) {
    String stem = Script.stem(path);
    Matcher version = VERSION.matcher(stem);
    // the first match is the longest: it reaches to the end from where it begins
    return version.find() && version.start() > 0 ? stem.substring(0, version.start()) : stem;
  }

  private static String ofModule(String module) {
    int slash = module.indexOf('/');
    return slash < 0 ? module : ofClass(module.substring(slash + 1)).orElse(module);
  }

  private static Optional<String> ofClass(String name) {
    if (name.startsWith(SPRING_LOADER)) {
      return Optional.empty();
    }
    Matcher apache = APACHE.matcher(name);
    if (apache.matches()) {
      return Optional.of(apache.group(1));
    }
    String[] parts = name.split("\\.");
    if (parts.length == 0) {
      return Optional.empty();
    }
    String simple = parts[parts.length - 1];
    return Optional.of(
        parts.length > 1 && ANY_MAIN.contains(simple) ? parts[parts.length - 2] : simple);
  }
}
