package io.sonde.launcher.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sonde.contract.doctor.Finding;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Finding FINE = Finding.ok("btf", "it is \"there\"");
  private static final Finding UNKNOWN = Finding.couldNotTell("probe.socket", "no right", "sudo");
  private static final Finding PARTLY = Finding.degraded("collector.traces", "away", "wait", "");
  private static final Finding WRONG = Finding.failed("configuration", "x", "ends", "");
  private static final Finding UNFIT = Finding.failed("kernel", "old", "nothing", "a newer one");

  private static int exitCode(Finding... findings) {
    return new Report(List.of(findings)).exitCode();
  }

  @Test
  void theExitCodeIsThatOfTheWorst() {
    assertThat(exitCode(FINE)).isZero();
    assertThat(exitCode(FINE, UNKNOWN)).isEqualTo(5);
    assertThat(exitCode(UNKNOWN, PARTLY, FINE)).isEqualTo(4);
    assertThat(exitCode(PARTLY, WRONG, FINE)).isEqualTo(2);
    assertThat(exitCode(WRONG, UNFIT)).isEqualTo(3);
  }

  @Test
  void aLineSaysWhatItCostsAndWhatToDo() {
    assertThat(new Report(List.of(FINE, UNFIT)).text())
        .isEqualTo(
            """
            ok             btf: it is "there"
            failed         kernel: old
                           cost: nothing
                           remedy: a newer one

            In all: failed
            """);
  }

  @Test
  void theJsonHasEveryPartOfEveryFinding() throws Exception {
    List<String> strings = new ArrayList<>();
    try (JsonParser json =
        new JsonFactory().createParser(new Report(List.of(FINE, UNFIT)).json())) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token.isScalarValue()) {
          strings.add(json.currentName() + "=" + json.getText());
        }
      }
    }
    assertThat(strings)
        .containsExactly(
            "version=1",
            "status=failed",
            "check=btf",
            "status=ok",
            "found=it is \"there\"",
            "cost=",
            "remedy=",
            "check=kernel",
            "status=failed",
            "found=old",
            "cost=nothing",
            "remedy=a newer one");
  }
}
