package io.sonde.launcher;

import io.sonde.launcher.config.ConfigurationException;
import io.sonde.pipeline.PipelineStartException;
import java.io.IOException;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Exit codes: 0 done or ended by a signal, 2 configuration, 3 environment, 1 a defect. */
public final class Main {
  private static final int DEFECT = 1;
  private static final int CONFIGURATION = 2;
  private static final int ENVIRONMENT = 3;

  private Main() {}

  public static void main(String[] args) {
    Logging.start();
    Termination termination = new Termination();
    Optional<PlainStart> plain = PlainStart.of(args);
    termination.finish(
        plain.isPresent()
            ? receive(plain.get(), termination)
            : SondeCommand.execute(termination, args));
  }

  private static int receive(PlainStart start, Termination termination) {
    try {
      ReceiveCommand.receive(start.config(), start.captureOptionsTo(), termination);
      return 0;
    } catch (ConfigurationException
        | IOException
        | PipelineStartException
        | InterruptedException
        | RuntimeException e) {
      return failed(e);
    }
  }

  /** Tells why a command failed; returns the exit code. */
  static int failed(Exception e) {
    if (e instanceof ConfigurationException configuration) {
      configuration.problems().forEach(Main::tell);
      return CONFIGURATION;
    }
    if (e instanceof IOException || e instanceof PipelineStartException) {
      tell(e.getMessage());
      log().log(Level.FINE, "in detail", e);
      return ENVIRONMENT;
    }
    log().log(Level.SEVERE, "a defect in Sonde, please report it", e);
    return DEFECT;
  }

  /** The command line was not understood; returns the exit code. */
  static int misunderstood(String problem) {
    tell(problem);
    return CONFIGURATION;
  }

  /** For whoever typed the command, so without the time of a log line. */
  private static void tell(String problem) {
    System.err.println("sonde: " + problem);
  }

  /** Not a constant: the first logger must come after {@link Logging#start}. */
  private static Logger log() {
    return Logger.getLogger(Main.class.getName());
  }
}
