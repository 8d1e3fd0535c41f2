package io.sonde.pipeline.identity.command;

import java.util.Locale;
import java.util.Optional;

/** {@code dotnet Shop.Api.dll} is Shop.Api, {@code dotnet run} its folder. */
final class DotnetCommand {
  private DotnetCommand() {}

  static Optional<String> name(CommandLine command) {
    return command.arguments().stream()
        .skip(1)
        .filter(argument -> argument.toLowerCase(Locale.ROOT).endsWith(".dll"))
        .findFirst()
        .map(library -> CommandName.baseName(library))
        .map(library -> library.substring(0, library.length() - ".dll".length()))
        .or(() -> command.get(1).filter("run"::equals).flatMap(run -> Script.project(command)));
  }
}
