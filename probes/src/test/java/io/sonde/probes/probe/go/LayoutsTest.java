package io.sonde.probes.probe.go;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Run;
import io.sonde.probes.elf.go.GoBuild;
import io.sonde.probes.elf.go.Release;
import io.sonde.probes.probe.files.GoroutineOffsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The layouts that Sonde knows, and those that debugging information tells. */
class LayoutsTest {
  private static final String TRANSPORT = "google.golang.org/grpc/internal/transport.";

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.MATCH_ANY,
      names = {"LATEST", "GO_.*"})
  void goroutinesAreLaidOutAsTheCompilerSays(Toolchain toolchain) throws Exception {
    Path program = toolchain.buildWithSymbols("calls", "go.mod");
    Map<String, Integer> told =
        told(program, "runtime.g.m", "runtime.g.goid", "runtime.g.parentGoid", "runtime.m.curg");

    GoroutineOffsets known = GoRuntime.offsets(release(program), -8).orElseThrow();
    assertThat(known.goid()).isEqualTo(told.get("runtime.g.goid"));
    assertThat(known.parent()).isEqualTo(told.getOrDefault("runtime.g.parentGoid", -1));
    assertThat(known.curg()).isEqualTo(told.get("runtime.m.curg"));
    assertThat(told).containsEntry("runtime.g.m", 48);
  }

  @ParameterizedTest
  @CsvSource({"GO_1_22, 248", "GO_1_23, 264", "GO_1_24, 264", "GO_1_25, 264", "GO_1_27, 264"})
  void theRouteOfARequestIsWhereTheCompilerSays(Toolchain toolchain, int pat) throws Exception {
    Path program = toolchain.buildWithSymbols("calls", "go.mod");
    assertThat(told(program, "net/http.Request.pat", "net/http.pattern.str"))
        .containsEntry("net/http.Request.pat", pat)
        .containsEntry("net/http.pattern.str", 0);
    assertThat(Features.pat(release(program))).isEqualTo(pat);
  }

  @Test
  void aRequestIsLaidOutAsTheCompilerSays() throws Exception {
    assertThat(
            told(
                Toolchain.LATEST.buildWithSymbols("routes", "go.mod"),
                "net/http.Request.pat",
                "net/http.pattern.str",
                "github.com/gin-gonic/gin.Context.fullPath",
                "github.com/gorilla/mux.RouteMatch.Route",
                "github.com/gorilla/mux.routeRegexpGroup.path",
                "github.com/gorilla/mux.routeRegexp.template"))
        .containsEntry("net/http.Request.pat", Features.PAT_1_23)
        .containsEntry("net/http.pattern.str", 0)
        .containsEntry("github.com/gin-gonic/gin.Context.fullPath", Features.GIN_FULL_PATH)
        .containsEntry("github.com/gorilla/mux.RouteMatch.Route", 0)
        .containsEntry("github.com/gorilla/mux.routeRegexpGroup.path", 8)
        .containsEntry("github.com/gorilla/mux.routeRegexp.template", 0);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.MATCH_ANY,
      names = {"LATEST", "GO_.*"})
  void aStreamIsLaidOutAsTheCompilerSays(Toolchain toolchain) throws Exception {
    assertStreamIsLaidOut(
        toolchain.buildWithSymbols("calls", "go.mod"),
        toolchain.name().startsWith("GO_1_27") ? "net/http/internal/http2." : "net/http.http2");
  }

  @Test
  void aStreamOfTheModuleIsLaidOutAsTheCompilerSays() throws Exception {
    assertStreamIsLaidOut(
        Toolchain.LATEST.buildWithSymbols("streams", "go.mod"), "golang.org/x/net/http2.");
  }

  private static void assertStreamIsLaidOut(Path program, String prefix) throws Exception {
    assertThat(
            told(
                program,
                prefix + "responseWriter.rws",
                prefix + "responseWriterState.stream",
                prefix + "stream.id"))
        .containsEntry(prefix + "responseWriter.rws", 0)
        .containsEntry(prefix + "responseWriterState.stream", 0)
        .containsEntry(prefix + "stream.id", 8);
  }

  @Test
  void aStreamOfGrpcIsLaidOutAsTheCompilerSays() throws Exception {
    assertThat(grpc("go.mod", "clientHeaders.streamID"))
        .containsEntry(TRANSPORT + "ServerStream.Stream", 0)
        .containsEntry(TRANSPORT + "Stream.id", Features.EMBEDDED_STREAM_ID)
        .containsEntry(TRANSPORT + "clientHeaders.streamID", 0);
    assertThat(grpc("middle.mod", "headerFrame.streamID"))
        .containsEntry(TRANSPORT + "ServerStream.Stream", 0)
        .containsEntry(TRANSPORT + "Stream.id", 0)
        .containsEntry(TRANSPORT + "headerFrame.streamID", 0);
    assertThat(grpc("old.mod", "headerFrame.streamID"))
        .containsEntry(TRANSPORT + "Stream.id", 0)
        .containsEntry(TRANSPORT + "headerFrame.streamID", 0);
  }

  private static Map<String, Integer> grpc(String modules, String header) throws Exception {
    return told(
        Toolchain.LATEST.buildWithSymbols("streams", modules),
        TRANSPORT + "ServerStream.Stream",
        TRANSPORT + "Stream.id",
        TRANSPORT + header);
  }

  private static Release release(Path program) throws Exception {
    try (ElfFile file = ElfFile.open(program)) {
      return GoBuild.of(file).release().orElseThrow();
    }
  }

  private static Map<String, Integer> told(Path program, String... fields) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(Toolchain.LATEST.build("layout").toString(), program.toString()));
    command.addAll(List.of(fields));
    Map<String, Integer> told = new HashMap<>();
    for (String line : Run.output(command.toArray(String[]::new)).lines().toList()) {
      String[] words = line.split(" ");
      told.put(words[0], Integer.valueOf(words[1]));
    }
    return told;
  }
}
