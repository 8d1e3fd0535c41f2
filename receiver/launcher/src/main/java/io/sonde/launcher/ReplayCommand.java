package io.sonde.launcher;

import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.config.Half;
import io.sonde.launcher.config.SondeConfig;
import io.sonde.launcher.recording.Playback;
import io.sonde.pipeline.PipelineStartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "replay",
    description = {
      "Reports what sonde record has written, as it was reported when it happened: the same requests,"
          + " spans and metrics at the times of then, under new trace ids. Needs no privilege.",
      "To the outputs of the configuration, and as text to standard output where it has none; metrics"
          + " once, at the end. What is there to be asked, the Prometheus page and the health checks,"
          + " is not: it would end with the replay."
    })
final class ReplayCommand implements Callable<Integer> {
  @Mixin private ConfigFileOption config;

  @Parameters(paramLabel = "FILE", description = "Made by sonde record; - for standard input.")
  private Path file;

  @ParentCommand private SondeCommand sonde;

  @Override
  public Integer call() throws ConfigurationException, IOException, PipelineStartException {
    SondeConfig read = config.read(EnumSet.noneOf(Half.class));
    Termination termination = sonde.termination();
    return new Playback(file, () -> !termination.isRequested()).run(read.pipeline(), System.out);
  }
}
