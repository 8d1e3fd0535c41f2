package io.sonde.launcher;

import io.sonde.launcher.config.Reference;
import picocli.CommandLine.Command;

@Command(
    name = "reference",
    description = "Prints every key of the configuration with its default and its meaning.")
final class ReferenceCommand implements Runnable {
  @Override
  public void run() {
    Output.print(Reference.text());
  }
}
