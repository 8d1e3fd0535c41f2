package io.sonde.launcher;

import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.config.Half;
import io.sonde.launcher.explain.Explain;
import io.sonde.launcher.explain.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "explain",
    description = {
      "Why don't I see my service? Asks the running Sonde which rule selects a process or why none"
          + " does, what was seen of it, and what is not reported and why; and says what to do."
          + " Only root, and the user that the receiving half runs as, may ask."
    },
    footer = {
      "",
      "Exit codes: 0 answered, 1 there is no such process and nobody listens on that port, 3 no",
      "Sonde runs here or it cannot be asked, 2 the command line or the configuration is wrong.",
    })
final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ConfigFileOption config;

  @Option(names = "--json", description = "As JSON, for scripts.")
  private boolean json;

  @Parameters(
      paramLabel = "PID|PORT",
      description =
          "4711: the process with that id, and those that listen on that TCP port in any network"
              + " namespace; :80 the port alone.")
  private String subject;

  @Override
  public Integer call() throws ConfigurationException, IOException {
    Subject about = parsed();
    Path socket = config.read(EnumSet.noneOf(Half.class)).receiver().explainSocket();
    Explain explain = Explain.ask(socket, about);
    Output.print(json ? explain.json() : explain.text());
    return explain.exitCode();
  }

  private Subject parsed() {
    try {
      return Subject.parse(subject);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
