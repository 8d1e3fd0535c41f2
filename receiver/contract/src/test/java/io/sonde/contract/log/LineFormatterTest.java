package io.sonde.contract.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineFormatterTest {
  private static final Map<String, LogComponent> COMPONENTS =
      Map.of(
          "io.sonde.pipeline",
          LogComponent.RECEIVER,
          "io.sonde.pipeline.export.otlp",
          new LogComponent("exporter", "otlp"));

  private static LogRecord record(String logger) {
    LogRecord record = new LogRecord(Level.WARNING, "a {0}");
    record.setParameters(new Object[] {"\"b\"\n\u001b[31m\u009b"});
    record.setInstant(Instant.parse("2026-11-21T10:00:00Z"));
    record.setThrown(new IllegalStateException("why"));
    record.setLoggerName(logger);
    return record;
  }

  private static String line(LogFormat format, LogRecord record) {
    return new LineFormatter(format, "receive", COMPONENTS).format(record);
  }

  @Test
  void aMessageIsOneLineOfLogfmtWhateverIsInIt() {
    assertThat(line(LogFormat.TEXT, record("io.sonde.pipeline.export.otlp.ExportLog")))
        .isEqualTo(
            "ts=2026-11-21T10:00:00.000Z level=warn msg=\"a \\\"b\\\"\\n\\u001b[31m\\u009b\""
                + " component=receive otelcol.component.id=otlp otelcol.component.kind=exporter"
                + " error=\"java.lang.IllegalStateException: why\"\n");
  }

  @Test
  void aMessageIsOneJsonObjectWithTheSameKeys() {
    assertThat(line(LogFormat.JSON, record("io.sonde.pipeline.Pipeline")))
        .isEqualTo(
            "{\"level\":\"warn\",\"ts\":\"2026-11-21T10:00:00.000Z\","
                + "\"msg\":\"a \\\"b\\\"\\n\\u001b[31m\\u009b\",\"component\":\"receive\","
                + "\"otelcol.component.id\":\"sonde\",\"otelcol.component.kind\":\"receiver\","
                + "\"error\":\"java.lang.IllegalStateException: why\"}\n");
  }

  @Test
  void aLoggerOfNoComponentSaysOnlyTheProcess() {
    LogRecord record = new LogRecord(Level.INFO, "started");
    record.setInstant(Instant.parse("2026-11-21T10:00:00.5Z"));
    assertThat(line(LogFormat.TEXT, record))
        .isEqualTo("ts=2026-11-21T10:00:00.500Z level=info msg=\"started\" component=receive\n");
    record.setLoggerName("io.sonde.pipelines");
    assertThat(line(LogFormat.TEXT, record)).doesNotContain("otelcol");
  }

  @Test
  void aDefectIsToldWithItsPlace() {
    LogRecord record = record("io.sonde");
    record.setLevel(Level.SEVERE);
    assertThat(line(LogFormat.TEXT, record))
        .contains("stacktrace=")
        .contains("aDefectIsToldWithItsPlace")
        .containsOnlyOnce("\n");
  }

  @Test
  void halfACharacterStaysReadable() {
    LogRecord record = new LogRecord(Level.INFO, "\ud83d\ude00 \ud83d|\ude00");
    assertThat(line(LogFormat.JSON, record)).contains("\ud83d\ude00 \\ud83d|\\ude00");
  }

  @ParameterizedTest
  @CsvSource({"SEVERE,error", "WARNING,warn", "INFO,info", "CONFIG,debug", "FINE,debug"})
  void levelsAreTheCollectors(String level, String name) {
    assertThat(line(LogFormat.TEXT, new LogRecord(Level.parse(level), "m")))
        .contains(" level=" + name + " ");
  }
}
