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
  void aProcessIsDescribedAndOnlyVariablesWithoutSecretsAreKept() throws Exception {
    Process process =
        start(
            Map.of(
                "OTEL_SERVICE_NAME",
                "shop",
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://me:hunter2@collector:4317",
                "OTEL_EXPORTER_OTLP_HEADERS",
                "authorization=hunter2",
                "OTEL_RESOURCE_ATTRIBUTES",
                "too.long=" + "x".repeat(10_000),
                "SECRET",
                "hunter2"),
            "sleep",
            "30");
    try {
      ProcessFacts facts = proc.facts((int) process.pid()).orElseThrow();
      assertThat(facts.executable()).endsWith("/sleep");
      assertThat(facts.arguments()).isEqualTo(List.of("sleep", "30"));
      assertThat(facts.parentPid()).isEqualTo((int) ProcessHandle.current().pid());
      assertThat(facts.environment())
          .isEqualTo(
              Map.of(
                  "OTEL_SERVICE_NAME",
                  "shop",
                  "OTEL_EXPORTER_OTLP_ENDPOINT",
                  "http://collector:4317"));
      assertThat(facts.workingDirectory())
          .isEqualTo(java.nio.file.Path.of("").toRealPath().toString());
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
}
