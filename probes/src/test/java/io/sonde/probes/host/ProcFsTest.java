package io.sonde.probes.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcFsTest {
  private final ProcFs proc = new ProcFs();

  private static Process start(Map<String, String> environment, String... command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder.start();
  }

  @Test
  void aProcessIsDescribedAndOnlyTheTwoVariablesAreKept() throws Exception {
    Process process =
        start(Map.of("OTEL_SERVICE_NAME", "shop", "SECRET", "hunter2"), "sleep", "30");
    try {
      ProcessFacts facts = proc.facts((int) process.pid()).orElseThrow();
      assertThat(facts.executable()).endsWith("/sleep");
      assertThat(facts.arguments()).isEqualTo(List.of("sleep", "30"));
      assertThat(facts.parentPid()).isEqualTo((int) ProcessHandle.current().pid());
      assertThat(facts.environment()).isEqualTo(Map.of("OTEL_SERVICE_NAME", "shop"));
      assertThat(facts.startNs()).isPositive();
      assertThat(facts.netns()).isPositive();
      assertThat(proc.pids()).contains((int) process.pid());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aProcessThatIsGoneHasNoFacts() {
    assertThat(proc.facts(Integer.MAX_VALUE)).isEmpty();
    assertThat(proc.executable(Integer.MAX_VALUE)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "node,-e,'setTimeout(() => {}, 30000)',nodejs",
    "python3,-c,'import time; time.sleep(30)',python"
  })
  void theLanguageOfAnInterpreterIsKnown(String program, String flag, String code, String language)
      throws Exception {
    Process process = start(Map.of(), program, flag, code);
    try {
      org.awaitility.Awaitility.await()
          .until(() -> proc.facts((int) process.pid()).orElseThrow().language(), language::equals);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void goIsKnownByItsBuildInformation() {
    assertThat(Language.detect("/x/compile", goTool(), java.nio.file.Path.of("/proc/self/maps")))
        .isEqualTo("go");
  }

  private static java.nio.file.Path goTool() {
    try {
      Process process = new ProcessBuilder("go", "env", "GOROOT").start();
      return java.nio.file.Path.of(process.inputReader().readLine(), "bin", "gofmt");
    } catch (IOException e) {
      throw new IllegalStateException(
          "this test looks at a program of the Go distribution; install Go", e);
    }
  }

  @Test
  void aContainerIsKnownByItsCgroup() {
    String id = "0123456789abcdef".repeat(4);
    assertThat(ProcFs.containerId("0::/system.slice/docker-" + id + ".scope\n")).isEqualTo(id);
    assertThat(ProcFs.containerId("0::/kubepods/besteffort/pod1/" + id + "\n")).isEqualTo(id);
    assertThat(ProcFs.containerId("0::/user.slice/session-1.scope\n")).isEmpty();
  }
}
