package io.sonde.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bin/sonde says before it starts a JVM; the integration tests see the rest. */
class ScriptTest {
  private static final Path SCRIPT = Path.of("src/main/bin/sonde").toAbsolutePath();

  /** Of a machine without Java and without setpriv. */
  private static final List<String> TOOLS =
      List.of("bash", "cat", "dirname", "env", "id", "readlink", "sed");

  @TempDir Path tools;

  private record Result(int exitCode, String output) {}

  @BeforeEach
  void linkTools() throws IOException {
    for (String tool : TOOLS) {
      Files.createSymbolicLink(tools.resolve(tool), find(tool));
    }
  }

  @AfterEach
  void unlinkTools() throws IOException {
    try (Stream<Path> links = Files.list(tools)) {
      for (Path link : links.toList()) {
        Files.delete(link);
      }
    }
  }

  @Test
  void aMissingJavaIsNamedWithItsRemedy() throws Exception {
    Result result = sonde(Map.of(), "version");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.output()).contains("java is not on the PATH", "apt-get install openjdk-17");
    Result wrong = sonde(Map.of("JAVA_HOME", "/nowhere"), "version");
    assertThat(wrong.exitCode()).isEqualTo(3);
    assertThat(wrong.output()).contains("JAVA_HOME is /nowhere");
  }

  @Test
  void aMissingSetprivIsNamedWithItsRemedy() throws Exception {
    Files.createSymbolicLink(tools.resolve("java"), find("java"));
    Result result = sonde(Map.of(), "run");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.output()).contains("setpriv is missing", "apt-get install util-linux");
  }

  @Test
  void anUnknownUserIsNamed() throws Exception {
    Files.createSymbolicLink(tools.resolve("java"), find("java"));
    Files.createSymbolicLink(tools.resolve("setpriv"), find("setpriv"));
    Result result = sonde(Map.of("SONDE_USER", "no-such-user"), "run");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).contains("there is no user 'no-such-user'", "SONDE_USER");
  }

  @Test
  void missingCapabilitiesAreNamed() throws Exception {
    Files.createSymbolicLink(tools.resolve("java"), find("java"));
    Files.createSymbolicLink(tools.resolve("setpriv"), find("setpriv"));
    Result result =
        run(Map.of(), "setpriv", "--bounding-set=-perfmon", SCRIPT.toString(), "capture");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.output()).contains("root is not given CAP_PERFMON here");
  }

  private Result sonde(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
    command.addAll(List.of(arguments));
    return run(environment, command.toArray(String[]::new));
  }

  private Result run(Map<String, String> environment, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  private static Path find(String tool) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(tool + " is not installed"));
  }
}
