package io.sonde.launcher;

import io.sonde.launcher.config.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what went wrong into words on standard error and an exit code. */
final class Failures implements IExecutionExceptionHandler {
  private static final Logger LOG = Logger.getLogger(Failures.class.getName());
  private static final int DEFECT = 1;

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult arguments) {
    if (e instanceof ConfigurationException configuration) {
      configuration.problems().forEach(Failures::tell);
      return Main.CONFIGURATION;
    }
    if (e instanceof IOException || e instanceof UncheckedIOException) {
      tell(e.getMessage());
      LOG.log(Level.FINE, "in detail", e);
      return Main.ENVIRONMENT;
    }
    LOG.log(Level.SEVERE, "a defect in Sonde, please report it", e);
    return DEFECT;
  }

  /** For whoever typed the command, so without the time of a log line. */
  private static void tell(String problem) {
    System.err.println("sonde: " + problem);
  }
}
