package io.sonde.launcher;

import io.sonde.contract.RecordLayout;
import io.sonde.launcher.companion.Companion;
import io.sonde.launcher.config.ConfigReader;
import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.config.Half;
import io.sonde.launcher.config.Reference;
import io.sonde.launcher.config.SondeConfig;
import io.sonde.pipeline.PipelineStartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Exit codes: 0 done or ended by a signal, 2 configuration, 3 environment, 1 a defect. */
public final class Main {
  private static final int DEFECT = 1;
  private static final int CONFIGURATION = 2;
  private static final int ENVIRONMENT = 3;

  /** System property set by bin/sonde: the configuration file of the distribution. */
  private static final String DEFAULT_FILE = "sonde.conf";

  private Main() {}

  public static void main(String[] args) {
    Logging.start();
    Termination termination = new Termination();
    termination.finish(run(termination, args));
  }

  private static int run(Termination termination, String... args) {
    try {
      return run(termination, Arguments.parse(args));
    } catch (Arguments.UsageException e) {
      tell(e.getMessage());
      return CONFIGURATION;
    } catch (ConfigurationException e) {
      e.problems().forEach(Main::tell);
      return CONFIGURATION;
    } catch (IOException | PipelineStartException e) {
      tell(e.getMessage());
      log().log(Level.FINE, "in detail", e);
      return ENVIRONMENT;
    } catch (RuntimeException | InterruptedException e) {
      log().log(Level.SEVERE, "a defect in Sonde, please report it", e);
      return DEFECT;
    }
  }

  private static int run(Termination termination, Arguments arguments)
      throws Arguments.UsageException,
          ConfigurationException,
          IOException,
          PipelineStartException,
          InterruptedException {
    if (arguments.help()) {
      System.out.print(Arguments.USAGE);
      return 0;
    }
    switch (arguments.command()) {
      case "receive" ->
          new Receive(read(arguments, halvesToStart(arguments)), arguments.captureOptionsTo())
              .until(termination);
      case "capture-options" ->
          System.out.print(CaptureOptions.of(read(arguments, EnumSet.of(Half.CAPTURE))));
      case "reference" -> print(Reference.text());
      case "alloy" -> print(Companion.alloy(read(arguments, EnumSet.of(Half.RECEIVER))));
      case "collector" -> print(Companion.collector(read(arguments, EnumSet.of(Half.RECEIVER))));
      case "version" -> System.out.println(version());
      default ->
          throw new Arguments.UsageException(
              "unknown command '" + arguments.command() + "': sonde help lists them");
    }
    return 0;
  }

  /** A receiver that nobody starts a capture for is told by each capture what it has selected. */
  private static Set<Half> halvesToStart(Arguments arguments) {
    return arguments.captureOptionsTo() == null
        ? EnumSet.of(Half.RECEIVER)
        : EnumSet.allOf(Half.class);
  }

  private static SondeConfig read(Arguments arguments, Set<Half> halves)
      throws ConfigurationException {
    String defaultFile = System.getProperty(DEFAULT_FILE);
    List<String> warnings = new ArrayList<>();
    SondeConfig config =
        ConfigReader.read(
            arguments.config(),
            defaultFile == null ? null : Path.of(defaultFile),
            System.getenv(),
            halves,
            warnings);
    Logging.set(config.logLevel().level(), config.logFormat());
    warnings.forEach(log()::warning);
    return config;
  }

  private static void print(String text) {
    System.out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return "sonde %s (record layout %d, Java %s)"
        .formatted(
            version == null ? "(unpackaged)" : version,
            RecordLayout.LAYOUT_VERSION,
            Runtime.version());
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
