package io.sonde.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.RecordLayout;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParseResult;

class CommandsTest {
  @TempDir Path dir;

  static Iterable<String> commands() {
    return SondeCommand.line(null).getSubcommands().keySet();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandExplainsItself(String name) {
    ParseResult parsed = SondeCommand.line(null).parseArgs(name, "--help").subcommand();
    assertThat(parsed.isUsageHelpRequested()).isTrue();
    assertThat(parsed.commandSpec().usageMessage().description()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--config=/c", "--config /c", "-c /c", "-config /c", "-c=/c"})
  void theConfigurationMayBeGivenInEverySpelling(String words) {
    ParseResult parsed = SondeCommand.line(null).parseArgs(("receive " + words).split(" "));
    assertThat(parsed.subcommand().matchedOption("--config").<Path>getValue())
        .isEqualTo(Path.of("/c"));
  }

  @Test
  void withoutACommandItShowsWhichThereAre() throws Exception {
    try (ReceiveProcess help = ReceiveProcess.start(dir, Map.of(), "help");
        ReceiveProcess nothing = ReceiveProcess.start(dir, Map.of())) {
      assertThat(help.exitCode()).isZero();
      assertThat(help.output())
          .contains("Usage: sonde", "\n  run ", "\n  capture ", "Exit codes:")
          .doesNotContain("capture-options");
      assertThat(nothing.exitCode()).isEqualTo(2);
      assertThat(nothing.errors()).isEqualTo("sonde: which command: sonde help lists them\n");
    }
  }

  @Test
  void theVersionIsACommandAndAnOption() throws Exception {
    try (ReceiveProcess command = ReceiveProcess.start(dir, Map.of(), "version");
        ReceiveProcess option = ReceiveProcess.start(dir, Map.of(), "--version")) {
      assertThat(command.exitCode()).isZero();
      assertThat(command.output())
          .startsWith("sonde ")
          .contains("record layout " + RecordLayout.LAYOUT_VERSION);
      assertThat(option.exitCode()).isZero();
      assertThat(option.output()).isEqualTo(command.output());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          fly | unknown command 'fly': sonde help lists them
          dcotor | unknown command 'dcotor', did you mean doctor?: sonde help lists them
          recieve | unknown command 'recieve', did you mean receive?: sonde help lists them
          alloy --confg=x | unknown argument '--confg=x', did you mean --config?: sonde alloy --help says what there is
          alloy x | unknown argument 'x': sonde alloy --help says what there is
          receive --config | Missing required parameter for option '--config' (FILE): sonde receive --help says what there is
          """)
  void whatIsNotUnderstoodIsNamedWithWhatWasMeant(String words, String answer) throws Exception {
    try (ReceiveProcess sonde = ReceiveProcess.start(dir, Map.of(), words.split(" "))) {
      assertThat(sonde.exitCode()).isEqualTo(2);
      assertThat(sonde.errors()).isEqualTo("sonde: " + answer + "\n");
      assertThat(sonde.output()).isEmpty();
    }
  }
}
