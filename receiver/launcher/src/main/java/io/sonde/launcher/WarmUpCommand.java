package io.sonde.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Here for its help alone: bin/sonde does it. */
@Command(
    name = "warm-up",
    description =
        "Once after installing, if you like: makes later starts twice as fast; needs root.")
final class WarmUpCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "warm-up is done by bin/sonde");
  }
}
