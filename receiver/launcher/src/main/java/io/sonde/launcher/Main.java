package io.sonde.launcher;

import picocli.CommandLine;

/** Exit codes: 0 done or ended by a signal, 2 configuration, 3 environment, 1 a defect. */
public final class Main {
  static final int CONFIGURATION = 2;
  static final int ENVIRONMENT = 3;

  private Main() {}

  public static void main(String[] args) {
    Logging.start();
    Termination termination = new Termination();
    termination.finish(commandLine(termination).execute(args));
  }

  static CommandLine commandLine(Termination termination) {
    return new CommandLine(new SondeCommand())
        .addSubcommand(new CaptureOptionsCommand())
        .addSubcommand(new ReferenceCommand())
        .addSubcommand(new VersionCommand())
        .setExecutionExceptionHandler(new Failures());
  }
}
