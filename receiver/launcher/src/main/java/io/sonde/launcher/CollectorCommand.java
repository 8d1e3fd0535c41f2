package io.sonde.launcher;

import io.sonde.launcher.companion.Companion;
import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.config.Half;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "collector",
    description =
        "Prints a configuration of the OpenTelemetry Collector that receives what this Sonde"
            + " sends.")
final class CollectorCommand implements Callable<Integer> {
  @Mixin private ConfigFileOption config;

  @Override
  public Integer call() throws ConfigurationException {
    Output.print(Companion.collector(config.read(EnumSet.of(Half.RECEIVER))));
    return 0;
  }
}
