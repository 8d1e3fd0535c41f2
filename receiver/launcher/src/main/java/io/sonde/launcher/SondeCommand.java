package io.sonde.launcher;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sonde} without a subcommand; bin/sonde answers that itself. */
@Command(name = "sonde", description = "Traces and metrics of what runs on this host.")
final class SondeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "which command? sonde --help lists them");
  }
}
