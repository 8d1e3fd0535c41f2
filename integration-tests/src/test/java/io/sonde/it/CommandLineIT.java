package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("bin/sonde")
class CommandLineIT {
  private static final int OK = 0;
  private static final int CONFIGURATION = 2;
  private static final int ENVIRONMENT = 3;
  private static final Map<String, String> PRINTING =
      Map.of("BEYLA_OPEN_PORT", "8080", "BEYLA_TRACE_PRINTER", "text");

  @TempDir Path folder;

  /** The receiving half runs as nobody. */
  @BeforeEach
  void letNobodyIn() throws IOException {
    ThisMachine.assumeItCanBeObserved();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void explainsItself() {
    assertThat(ended(OK, Map.of(), "--help")).contains("run", "capture", "receive", "version");
    assertThat(ended(OK, Map.of(), "version")).containsPattern("\\d+\\.\\d+");
  }

  @Test
  void refusesAnUnknownCommand() {
    assertThat(ended(CONFIGURATION, Map.of(), "fly")).contains("fly");
  }

  @Test
  void namesTheVariableThatIsWrong() {
    assertThat(
            ended(
                CONFIGURATION,
                Map.of("BEYLA_OPEN_PORT", "eighty", "BEYLA_TRACE_PRINTER", "text"),
                "run"))
        .contains("BEYLA_OPEN_PORT", "eighty");
  }

  @Test
  void namesTheKeyTheFileAndTheLineThatIsWrong() throws IOException {
    Path file =
        Files.writeString(folder.resolve("mine.conf"), "trace_printer = text\nopen_prot = 80\n");
    assertThat(ended(CONFIGURATION, Map.of("BEYLA_CONFIG_PATH", file.toString()), "run"))
        .contains("open_prot", "mine.conf", "2");
  }

  @Test
  void wantsAnExporter() {
    assertThat(ended(CONFIGURATION, Map.of("BEYLA_OPEN_PORT", "8080"), "run"))
        .contains("trace_printer");
  }

  @Test
  void saysWhichPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(Ports.free())) {
      String port = Integer.toString(taken.getLocalPort());
      assertThat(
              ended(
                  ENVIRONMENT,
                  Map.of("BEYLA_OPEN_PORT", "8080", "BEYLA_PROMETHEUS_PORT", port),
                  "run"))
          .contains(port);
    }
  }

  @Test
  void saysThatItNeedsRoot() {
    List<String> nobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    assertThat(ended(ENVIRONMENT, PRINTING, nobody, "run")).contains("needs root");
  }

  @Test
  void namesTheCapabilityThatRootIsNotGiven() {
    List<String> confined = List.of("setpriv", "--bounding-set=-bpf,-perfmon");
    assertThat(ended(ENVIRONMENT, PRINTING, confined, "run")).contains("CAP_BPF");
  }

  private String ended(int exit, Map<String, String> env, String command) {
    return ended(exit, env, List.of(), command);
  }

  /** Runs to the end; returns all it said. */
  private String ended(int exit, Map<String, String> env, List<String> as, String command) {
    List<String> words = new ArrayList<>(as);
    words.addAll(List.of(Paths.launcher().toString(), command));
    try (Program program = Program.start("sonde", folder, env, words)) {
      int actual = program.awaitExit(Duration.ofSeconds(20));
      assertThat(actual).as(program.everything()).isEqualTo(exit);
      return program.everything();
    }
  }
}
