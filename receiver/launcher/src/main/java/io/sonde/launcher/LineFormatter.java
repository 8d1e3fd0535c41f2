package io.sonde.launcher;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** {@code time=2026-11-21T10:31:07.412Z level=INFO component=receive msg="…"}, always one line. */
final class LineFormatter extends Formatter {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  @Override
  public String format(LogRecord record) {
    StringBuilder message = new StringBuilder(formatMessage(record));
    if (record.getThrown() != null) {
      message.append(": ").append(describe(record.getThrown(), record.getLevel()));
    }
    return "time=%s level=%s component=receive msg=\"%s\"%n"
        .formatted(TIME.format(record.getInstant()), record.getLevel().getName(), quote(message));
  }

  /** Where it was thrown helps with defects, at SEVERE, and who asked for details. */
  private static String describe(Throwable thrown, Level level) {
    if (level.equals(Level.WARNING) || level.equals(Level.INFO)) {
      return thrown.toString();
    }
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    return trace.toString().strip();
  }

  private static String quote(CharSequence message) {
    StringBuilder quoted = new StringBuilder(message.length());
    message
        .chars()
        .forEach(
            c -> {
              switch (c) {
                case '"', '\\' -> quoted.append('\\').append((char) c);
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append(' ');
                default -> quoted.append(Character.isISOControl(c) ? '?' : (char) c);
              }
            });
    return quoted.toString();
  }
}
