package io.sonde.launcher;

import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.config.Half;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The capture process reads no configuration: this one does, and prints what it is to be told.
 * bin/sonde starts the capture with that.
 */
@Command(
    name = "capture",
    description =
        "Only the privileged half: sends what the probes see to the receiver's socket; needs root.")
class CaptureCommand implements Callable<Integer> {
  @Mixin private ConfigFileOption config;

  @Override
  public Integer call() throws ConfigurationException {
    Output.print(CaptureOptions.of(config.read(EnumSet.of(Half.CAPTURE))));
    return 0;
  }
}
