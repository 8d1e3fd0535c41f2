package io.sonde.launcher;

import io.sonde.launcher.beyla.Nearest;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** What {@code sonde} understands. A new command is a class and a line here. */
@Command(
    name = "sonde",
    header = "Traces and metrics of the servers and clients on this host, without changing them.%n",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = VersionCommand.class,
    subcommands = {
      RunCommand.class,
      CaptureCommand.class,
      ReceiveCommand.class,
      RecordCommand.class,
      ReplayCommand.class,
      AlloyCommand.class,
      CollectorCommand.class,
      ReferenceCommand.class,
      DoctorCommand.class,
      ExplainCommand.class,
      MigrateCommand.class,
      WarmUpCommand.class,
      VersionCommand.class,
      HelpCommand.class,
      GenerateCompletion.class,
      CaptureOptionsCommand.class,
    },
    footer = {
      "",
      "Configuration: conf/sonde.conf explains every key and the environment variable of each",
      "(Beyla's names work). At least say what to observe and where to report it:",
      "",
      "  sudo BEYLA_OPEN_PORT=80,8000-8999 BEYLA_TRACE_PRINTER=text sonde run",
      "",
      "SONDE_USER names the user the receiving half runs as (default: sonde if there is one, else",
      "nobody).",
      "",
      "Exit codes: 0 done or ended by a signal, 2 configuration or command line, 3 environment,",
      "1 a defect.",
    })
final class SondeCommand implements Runnable {
  private final Termination termination;

  @Spec private CommandSpec spec;

  @Option(names = "--version", versionHelp = true, description = "Prints which Sonde this is.")
  private boolean version;

  SondeCommand(Termination termination) {
    this.termination = termination;
  }

  /** Returns the exit code, everything having been said. */
  static int execute(Termination termination, String... words) {
    return line(termination)
        .setParameterExceptionHandler((e, all) -> Main.misunderstood(explain(e)))
        .setExecutionExceptionHandler((e, command, parsed) -> Main.failed(e))
        .execute(words);
  }

  static CommandLine line(Termination termination) {
    CommandLine line = new CommandLine(new SondeCommand(termination));
    addHelp(line.getCommandSpec());
    line.getSubcommands().values().forEach(command -> addHelp(command.getCommandSpec()));
    line.setUsageHelpAutoWidth(false);
    line.setUsageHelpWidth(100);
    line.getSubcommands().get("generate-completion").getCommandSpec().usageMessage().hidden(true);
    return line;
  }

  private static String explain(ParameterException e) {
    boolean atTop = e.getCommandLine().getParent() == null;
    String where =
        atTop
            ? ": sonde help lists them"
            : ": %s --help says what there is"
                .formatted(e.getCommandLine().getCommandSpec().qualifiedName());
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return e.getMessage() + where;
    }
    boolean option = unmatched.isUnknownOption();
    String kind = atTop && !option ? "command" : "argument";
    String word = unmatched.getUnmatched().get(0);
    String meant =
        Nearest.to(word.split("=", 2)[0], known(e.getCommandLine(), option))
            .map(nearest -> ", did you mean " + nearest + "?")
            .orElse("");
    return "unknown %s '%s'%s%s".formatted(kind, word, meant, where);
  }

  private static List<String> known(CommandLine line, boolean options) {
    return options
        ? List.copyOf(line.getCommandSpec().optionsMap().keySet())
        : line.getSubcommands().entrySet().stream()
            .filter(command -> !command.getValue().getCommandSpec().usageMessage().hidden())
            .map(Map.Entry::getKey)
            .toList();
  }

  private static void addHelp(CommandSpec command) {
    if (!command.optionsMap().containsKey("--help")) {
      command.addOption(
          OptionSpec.builder("-h", "--help").usageHelp(true).description("This text.").build());
    }
  }

  Termination termination() {
    return termination;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command");
  }
}
