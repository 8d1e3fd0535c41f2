package io.sonde.launcher;

import io.sonde.launcher.config.ConfigurationException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads the configuration for a capture process that runs alone. */
@Command(
    name = "capture-options",
    hidden = true,
    description = "Prints what the capture process is to read from its standard input.")
final class CaptureOptionsCommand implements Callable<Integer> {
  @Mixin private ConfigOption config;

  @Override
  public Integer call() throws ConfigurationException {
    System.out.print(CaptureOptions.of(config.read()));
    return 0;
  }
}
