package io.sonde.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles record.h and asks the C compiler for every number that the Java side repeats. */
class RecordLayoutTest {
  private static final Path HEADERS = Path.of("src/main/c");

  private static Map<String, Long> fromC;

  @BeforeAll
  static void compile(@TempDir Path dir) throws Exception {
    StringBuilder c =
        new StringBuilder(
            "#include <linux/types.h>\n#include <stddef.h>\n#include <stdio.h>\n"
                + "#include <sonde/record.h>\nint main(void) {\n");
    for (String expression : javaNumbers().keySet()) {
      c.append("printf(\"%s\\t%lld\\n\", \"")
          .append(expression)
          .append("\", (long long)(")
          .append(expression)
          .append("));\n");
    }
    Path source = Files.writeString(dir.resolve("layout.c"), c.append("}\n"));
    Path program = dir.resolve("layout");
    run("gcc", "-Wall", "-Werror", "-I" + HEADERS, "-o", program.toString(), source.toString());
    fromC = new LinkedHashMap<>();
    run(program.toString())
        .lines()
        .map(line -> line.split("\t"))
        .forEach(cells -> fromC.put(cells[0], Long.parseLong(cells[1])));
  }

  @Test
  void everyJavaNumberIsTheCompilersNumber() throws Exception {
    assertThat(javaNumbers()).hasSizeGreaterThan(50).isEqualTo(fromC);
  }

  @Test
  void everyNameInTheHeaderThatCrossesTheSocketHasAJavaConstant() throws Exception {
    String crossing =
        Files.readString(HEADERS.resolve("sonde/record.h"))
            .replaceAll("(?s)/\\* ---- for the capture process only ---- \\*/.*?(?=/\\* Index)", "")
            .replaceAll("(?s)/\\*.*?\\*/", "");
    assertThat(crossing.split("\\W+"))
        .filteredOn(word -> word.matches("SONDE_[A-Z_]+"))
        .filteredOn(word -> !word.matches("SONDE_(RECORD_H|EXEC|FORK|EXIT|LISTEN|TLS_SEEN)"))
        .isSubsetOf(fromC.keySet());
    assertThat(crossing.lines())
        .filteredOn(line -> line.matches("\\s+__u\\d+ .*") && !line.contains("reserved"))
        .allSatisfy(
            line -> {
              String field = line.replaceAll("\\s+__u\\d+ (\\w+).*", "$1");
              assertThat(fromC.keySet())
                  .anyMatch(expression -> expression.endsWith(", " + field + ")"));
            });
  }

  /** C expression to Java value, of every constant in RecordLayout and CaptureCounter. */
  private static Map<String, Long> javaNumbers() throws IllegalAccessException {
    Map<String, Long> numbers = new LinkedHashMap<>();
    numbers.put("SONDE_LAYOUT_VERSION", (long) RecordLayout.LAYOUT_VERSION);
    numbers.put("SONDE_MAX_CAPTURE", (long) RecordLayout.MAX_CAPTURE);
    constants(RecordLayout.Header.class, "sonde_header", numbers);
    constants(RecordLayout.Connection.class, "sonde_connection", numbers);
    constants(RecordLayout.Activity.class, "sonde_activity", numbers);
    constants(RecordLayout.Fragment.class, "sonde_fragment", numbers);
    constants(RecordLayout.Goroutine.class, "sonde_goroutine", numbers);
    constants(RecordLayout.Ancestor.class, "sonde_ancestor", numbers);
    constants(RecordLayout.Go.class, "sonde_go", numbers);
    values(RecordLayout.GoAct.class, "SONDE_GO_", numbers);
    values(RecordLayout.Kind.class, "SONDE_", numbers);
    values(RecordLayout.Flag.class, "SONDE_F_", numbers);
    values(RecordLayout.Role.class, "SONDE_ROLE_", numbers);
    values(RecordLayout.Direction.class, "SONDE_", numbers);
    values(RecordLayout.Match.class, "SONDE_MATCH_", numbers);
    for (CaptureCounter counter : CaptureCounter.values()) {
      numbers.put("SONDE_C_" + counter.name(), (long) counter.index());
    }
    numbers.put("SONDE_C_MAX", (long) CaptureCounter.values().length);
    return numbers;
  }

  private static void constants(Class<?> type, String struct, Map<String, Long> into)
      throws IllegalAccessException {
    for (Field field : type.getFields()) {
      String name = field.getName().toLowerCase(Locale.ROOT);
      into.put(
          name.equals("size")
              ? "sizeof(struct " + struct + ")"
              : "offsetof(struct " + struct + ", " + name + ")",
          (long) field.getInt(null));
    }
  }

  private static void values(Class<?> type, String prefix, Map<String, Long> into)
      throws IllegalAccessException {
    for (Field field : type.getFields()) {
      assertThat(Modifier.isFinal(field.getModifiers())).isTrue();
      into.put(prefix + field.getName(), (long) field.getInt(null));
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
