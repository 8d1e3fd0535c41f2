package io.sonde.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LineFormatterTest {
  @Test
  void aMessageIsOneLineWhateverIsInIt() {
    LogRecord record = new LogRecord(Level.WARNING, "a {0}");
    record.setParameters(new Object[] {"\"b\"\n\u001b[31m"});
    record.setInstant(Instant.parse("2026-11-21T10:00:00Z"));
    record.setThrown(new IllegalStateException("why"));

    assertThat(new LineFormatter().format(record))
        .isEqualTo(
            "time=2026-11-21T10:00:00.000Z level=WARNING component=receive msg=\"a"
                + " \\\"b\\\"\\n?[31m: java.lang.IllegalStateException: why\"\n");
  }

  @Test
  void aDefectIsToldWithItsPlace() {
    LogRecord record = new LogRecord(Level.SEVERE, "a defect");
    record.setThrown(new IllegalStateException("why"));

    assertThat(new LineFormatter().format(record))
        .contains("aDefectIsToldWithItsPlace")
        .containsOnlyOnce("\n");
  }
}
