package io.sonde.launcher;

import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.migrate.Migration;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "migrate",
    description = {
      "Prints the sonde.conf for a configuration file of Beyla's (or of OpenTelemetry eBPF"
          + " Instrumentation). What has no effect here is in it as a comment with the reason."
    })
final class MigrateCommand implements Callable<Integer> {
  /** More than Beyla's whole reference; the YAML reader has its own bound below. */
  private static final long MAX_BYTES = 4L << 20;

  @Parameters(paramLabel = "FILE", description = "As beyla.yml.")
  private Path file;

  @Override
  public Integer call() throws ConfigurationException, IOException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ConfigurationException(List.of(file + ": too large for a configuration"));
      }
      Output.print(Migration.of(file.toString(), Files.readString(file)));
      return 0;
    } catch (NoSuchFileException e) {
      throw new ConfigurationException(List.of(file + ": no such file"));
    } catch (CharacterCodingException e) {
      throw new ConfigurationException(List.of(file + ": it is not UTF-8"));
    }
  }
}
