package io.sonde.probes.probe.go;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.RecordLayout.Direction;
import io.sonde.contract.RecordLayout.Kind;
import io.sonde.probes.probe.CapturedRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoroutineTest extends GoKit {
  @ParameterizedTest
  @CsvSource({"go.mod, LATEST", "go.mod, LATEST_PIE", "old.mod, LATEST_CGO"})
  void whatIsReadAndWrittenIsToldOfTheGoroutineThatDidIt(String modules, Toolchain toolchain)
      throws Exception {
    observe(toolchain.build("streams", modules));
    List<Long> serves = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      get("/standard");
      serves.add(Long.parseLong(awaitLine("asks ")));
    }
    List<CapturedRecord> answers =
        awaitRecords(records -> answers(records).size() >= 7).stream()
            .filter(GoroutineTest::answers)
            .toList();
    assertThat(answers).extracting(CapturedRecord::goroutine).isEqualTo(serves);
    // what it did before it was asked was before its goroutines were known
    assertThat(activities().stream().dropWhile(r -> !r.data().startsWith("GET /standard")))
        .filteredOn(r -> r.bytes() > 0)
        .allMatch(r -> r.goroutine() != 0);
  }

  private static List<CapturedRecord> answers(List<CapturedRecord> records) {
    return records.stream().filter(GoroutineTest::answers).toList();
  }

  private static boolean answers(CapturedRecord record) {
    return record.is(Kind.ACTIVITY)
        && record.direction() == Direction.TX
        && record.data().startsWith("HTTP/1.1 200");
  }
}
