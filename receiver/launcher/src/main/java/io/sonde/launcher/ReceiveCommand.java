package io.sonde.launcher;

import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.config.ExportFiles;
import io.sonde.launcher.config.Half;
import io.sonde.launcher.config.Reading;
import io.sonde.launcher.reload.Reloader;
import io.sonde.pipeline.PipelineStartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "receive",
    description = {
      "Only the unprivileged half: receives what captures send, decodes it, and exports traces and"
          + " metrics. Needs no privilege, ends in good order on SIGTERM."
    })
class ReceiveCommand implements Callable<Integer> {
  @Mixin private ConfigFileOption config;

  @Option(names = "--capture-options-to", hidden = true)
  private Path captureOptionsTo;

  @ParentCommand private SondeCommand sonde;

  @Override
  public Integer call()
      throws ConfigurationException, IOException, PipelineStartException, InterruptedException {
    receive(config.file(), captureOptionsTo, sonde.termination());
    return 0;
  }

  /**
   * @param config null: the default
   * @param captureOptionsTo where bin/sonde waits for the options of the capture it starts; null: a
   *     receiver that nobody starts a capture for is told by each capture what it has selected
   */
  static void receive(Path config, Path captureOptionsTo, Termination termination)
      throws ConfigurationException, IOException, PipelineStartException, InterruptedException {
    EnumSet<Half> halves =
        captureOptionsTo == null ? EnumSet.of(Half.RECEIVER) : EnumSet.allOf(Half.class);
    Reloader.Source source =
        () -> {
          Reading reading = ConfigFileOption.reading(config, halves);
          ExportFiles.check(reading.config());
          return reading;
        };
    new Receive(source.read(), source, captureOptionsTo, Optional.empty()).until(termination);
  }
}
