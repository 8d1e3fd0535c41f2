package io.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.probes.capture.ProcessRecordOffsets;
import io.sonde.probes.probe.SettingsImage;
import io.sonde.probes.probe.go.GoActNumbers;
import io.sonde.probes.probe.tls.TlsFunctionNumbers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks a C compiler for every number that the Java side of this module repeats from a C header. */
class LayoutTest {
  @TempDir Path dir;

  @Test
  void everyJavaNumberIsTheCompilersNumber() throws Exception {
    Map<String, Integer> java = new LinkedHashMap<>(ProcessRecordOffsets.all());
    java.putAll(SettingsImage.all());
    java.putAll(TlsFunctionNumbers.all());
    java.putAll(GoActNumbers.all());
    StringBuilder program =
        new StringBuilder(
            """
            #include <linux/types.h>
            #include <stddef.h>
            #include <stdio.h>
            #define SEC(name)
            #include "sonde/record.h"
            #include "settings.bpf.h"
            #include "tls_functions.bpf.h"
            #include "go_acts.bpf.h"
            int main(void) {
            """);
    java.keySet()
        .forEach(
            expression ->
                program.append("printf(\"%d\\n\", (int)(").append(expression).append("));\n"));
    Path source = Files.writeString(dir.resolve("layout.c"), program.append("}\n"));
    Path binary = dir.resolve("layout");
    run(
        "gcc",
        "-I../receiver/contract/src/main/c",
        "-Isrc/main/bpf",
        "-o",
        binary.toString(),
        source.toString());
    assertThat(run(binary.toString()).lines().map(Integer::valueOf).toList())
        .containsExactlyElementsOf(java.values());
  }

  @Test
  void theBoundsOfAnExecRecordAreThoseOfItsProgram() throws Exception {
    String program =
        Files.readString(Path.of("src/main/java/io/sonde/probes/probe/process/process.bpf.c"));
    assertThat(program)
        .contains("#define MAX_PATH " + ProcessRecordOffsets.MAX_PATH + "\n")
        .contains("#define MAX_ARGS " + ProcessRecordOffsets.MAX_ARGS + "\n");
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
