package io.sonde.launcher;

import io.sonde.launcher.companion.Companion;
import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.config.Half;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "alloy",
    description = "Prints a configuration of Grafana Alloy that receives what this Sonde sends.")
final class AlloyCommand implements Callable<Integer> {
  @Mixin private ConfigFileOption config;

  @Override
  public Integer call() throws ConfigurationException {
    Output.print(Companion.alloy(config.read(EnumSet.of(Half.RECEIVER))));
    return 0;
  }
}
