package io.sonde.probes.elf.go;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Run;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GoBuildTest {
  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource
  void aProgramSaysWhichGoMadeIt(GoProgram program) throws Exception {
    String version = Run.output("go", "env", "GOVERSION").strip();
    assertThat(build(program.build(true)).go()).isEqualTo(version);
    assertThat(build(program.build(true)).release())
        .contains(new Release(1, Integer.parseInt(version.split("\\.")[1])));
  }

  /** As go version -m reads it. */
  @Test
  void aProgramSaysWhichModulesAreWithin() throws Exception {
    String program = dir.resolve("routes").toString();
    Run.output("env", "--chdir", "src/test/go/routes", "go", "build", "-o", program);
    GoBuild build = build(Path.of(program));

    Map<String, String> told =
        Run.output("go", "version", "-m", program)
            .lines()
            .map(line -> line.split("\t"))
            .filter(words -> words.length > 3 && words[1].equals("dep"))
            .collect(Collectors.toMap(words -> words[2], words -> words[3]));
    assertThat(told).containsKeys("github.com/gin-gonic/gin", "github.com/gorilla/mux");
    assertThat(build.modules()).containsAllEntriesOf(told);
  }

  @Test
  void releasesAreThoseOfGoAndOfModules() {
    GoBuild build =
        new GoBuild(
            "go1.22.3 X:nocoverageredesign",
            Map.of("a", "v1.8.1", "b", "v0.0.0-20190404232315-eb5bcb51f2a3", "c", "(devel)"));
    assertThat(build.release()).contains(new Release(1, 22));
    assertThat(build.release("a")).contains(new Release(1, 8));
    assertThat(build.release("b")).contains(new Release(0, 0));
    assertThat(build.release("c")).isEmpty();
    assertThat(build.release("d")).isEmpty();
    assertThat(new GoBuild("devel go1.27-8f0ec9a", Map.of()).release()).isEmpty();
    assertThat(new GoBuild("go1.27rc1", Map.of()).release()).contains(new Release(1, 27));
    assertThat(Release.of("99999999999.1")).isEqualTo(Optional.empty());
  }

  @Test
  void whatIsCutOffIsNotRead() throws Exception {
    String bytes = Files.readString(GoProgram.PLAIN.build(true), StandardCharsets.ISO_8859_1);
    int at = bytes.indexOf("\u00ff Go buildinf:") + 32;
    String longer =
        bytes.substring(0, at) + "\u00ff\u00ff\u00ff\u00ff\u007f" + bytes.substring(at + 5);
    assertUnreadable(longer, "cut off");
    assertUnreadable(bytes.replace("\u00ff Go buildinf:", "\u00ff Go buildinf?"), "unknown form");
  }

  private void assertUnreadable(String bytes, String why) throws Exception {
    Path file = Files.writeString(dir.resolve("program"), bytes, StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> build(file))
        .isInstanceOf(UnreadableGoException.class)
        .hasMessageContaining(why);
  }

  private static GoBuild build(Path program) throws Exception {
    try (ElfFile file = ElfFile.open(program)) {
      return GoBuild.of(file);
    }
  }
}
