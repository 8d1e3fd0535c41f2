package io.sonde.probes.probe.go;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.RecordLayout;
import io.sonde.probes.probe.CapturedRecord.GoTold;
import io.sonde.probes.probe.files.FileReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoStreamsTest extends GoKit {
  private static final int TIMES = 7;

  /** Since 1.27 both are one, which is called otherwise. */
  @ParameterizedTest
  @CsvSource({"LATEST, /standard", "LATEST, /extended", "GO_1_27, /standard", "GO_1_27, /extended"})
  void aRequestOfHttp2IsAskedAndAnsweredByTheGoroutinesThatSaySo(Toolchain toolchain, String path)
      throws Exception {
    observeAll(toolchain.build("streams"));
    Said said = ask(path);

    assertThat(awaitTold(RecordLayout.GoAct.CALLS, TIMES))
        .hasSize(TIMES)
        .allSatisfy(
            told -> {
              assertThat(told.stream()).isEqualTo(RecordLayout.GoAct.NEXT_STREAM);
              assertThat(told.ancestors().get(0).id()).isEqualTo(told.goroutine());
            })
        .extracting(told -> told.ancestors().get(1).id())
        .isEqualTo(said.asks);
    assertServed(said);
  }

  /** Whose stream is behind a pointer, within a structure, or alone. */
  @ParameterizedTest
  @CsvSource({
    "go.mod, LATEST",
    "go.mod, LATEST_PIE",
    "go.mod, GO_1_27",
    "middle.mod, LATEST",
    "old.mod, LATEST_CGO"
  })
  void aCallOfGrpcIsAskedAndAnsweredByTheGoroutinesThatSaySo(String modules, Toolchain toolchain)
      throws Exception {
    observeAll(toolchain.build("streams", modules));
    Said said = ask("/rpc");

    List<GoTold> calls = awaitTold(RecordLayout.GoAct.CALLS, TIMES);
    assertThat(calls).extracting(told -> told.ancestors().get(0).id()).isEqualTo(said.asks);
    assertThat(calls).extracting(GoTold::stream).containsExactly(1, 3, 5, 7, 9, 11, 13);
    assertThat(calls).extracting(GoTold::goroutine).containsOnly(calls.get(0).goroutine());
    assertServed(said);
  }

  @Test
  void whatIsOfAVersionThatWasNotLookedAtIsLeftOutAloud() throws Exception {
    Path newer = GoPatch.version(Toolchain.LATEST.build("streams"), "v1.85.0", "v1.99.0", dir);
    List<FileReport> reports = observe(newer);

    assertThat(reports).anyMatch(FileReport::hooked);
    assertThat(reports)
        .filteredOn(report -> !report.hooked())
        .extracting(FileReport::detail)
        .hasSize(2)
        .allMatch(why -> why.contains("google.golang.org/grpc 1.40 to"))
        .allMatch(why -> why.endsWith("this is v1.99.0"));
  }

  @Test
  void ofAGoThatWasNotLookedAtNothingIsHooked() throws Exception {
    Path newer = GoPatch.version(Toolchain.LATEST.build("streams"), "go1.26", "go1.99", dir);
    List<FileReport> reports = observe(newer);

    assertThat(reports).singleElement();
    assertThat(reports.get(0).hooked()).isFalse();
    assertThat(reports.get(0).detail())
        .startsWith("its goroutines are not told apart")
        .contains("Sonde knows Go 1.17 to 1.27, and this is go1.99");
  }

  private record Said(List<Long> asks, List<Long> answers) {}

  private void observeAll(Path executable) throws Exception {
    assertThat(observe(executable)).singleElement().matches(FileReport::hooked);
  }

  private Said ask(String path) throws Exception {
    Said said = new Said(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < TIMES; i++) {
      assertThat(get(path)).isEqualTo(200);
      said.asks.add(Long.parseLong(awaitLine("asks ")));
      said.answers.add(Long.parseLong(awaitLine("answers ")));
    }
    return said;
  }

  private void assertServed(Said said) {
    List<GoTold> served = awaitTold(RecordLayout.GoAct.SERVES, TIMES);
    assertThat(served).extracting(GoTold::goroutine).isEqualTo(said.answers);
    assertThat(served).extracting(GoTold::stream).containsExactly(1, 3, 5, 7, 9, 11, 13);
    assertThat(served).extracting(GoTold::parent).containsOnly(served.get(0).parent());
  }
}
