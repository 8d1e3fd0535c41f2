package io.sonde.launcher;

import io.sonde.launcher.config.BeylaReference;
import io.sonde.launcher.config.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "reference",
    description = "Prints every key of the configuration with its default and its meaning.")
final class ReferenceCommand implements Runnable {
  @Option(
      names = "--beyla",
      description = "Instead: every setting of Beyla's and what becomes of it, in Markdown.")
  private boolean beyla;

  @Override
  public void run() {
    Output.print(beyla ? BeylaReference.text() : Reference.text());
  }
}
