package io.sonde.contract.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One line a message, whatever is in it. Keys and levels are those of the Collector's log, {@code
 * component} is the process:
 *
 * <pre>
 * ts=2026-11-21T10:31:07.412Z level=info msg="…" component=receive otelcol.component.id=otlp otelcol.component.kind=exporter error="…"
 * {"level":"info","ts":"2026-11-21T10:31:07.412Z","msg":"…","component":"receive"}
 * </pre>
 */
public final class LineFormatter extends Formatter {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private final LogFormat format;
  private final String process;
  private final Map<String, LogComponent> components;

  /**
   * @param process value of {@code component}: receive or capture
   * @param components by the beginning of a logger's name, the longest deciding; a logger that
   *     matches none is of no component
   */
  public LineFormatter(LogFormat format, String process, Map<String, LogComponent> components) {
    this.format = format;
    this.process = process;
    this.components = Map.copyOf(components);
  }

  @Override
  public String format(LogRecord record) {
    Map<String, String> fields = fields(record);
    String level = level(record.getLevel());
    String time = TIME.format(record.getInstant());
    String message = formatMessage(record);
    StringBuilder line = new StringBuilder(message.length() + 160);
    if (format == LogFormat.JSON) {
      line.append("{\"level\":\"").append(level).append("\",\"ts\":\"").append(time);
      line.append("\",\"msg\":").append(JsonString.of(message));
      fields.forEach(
          (key, value) ->
              line.append(",\"").append(key).append("\":").append(JsonString.of(value)));
      line.append('}');
    } else {
      line.append("ts=").append(time).append(" level=").append(level);
      line.append(" msg=").append(JsonString.of(message));
      fields.forEach(
          (key, value) -> line.append(' ').append(key).append('=').append(logfmt(value)));
    }
    return line.append('\n').toString();
  }

  private Map<String, String> fields(LogRecord record) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("component", process);
    LogComponent component = component(record.getLoggerName());
    if (component != null) {
      fields.put("otelcol.component.id", component.id());
      fields.put("otelcol.component.kind", component.kind());
    }
    Throwable thrown = record.getThrown();
    if (thrown != null) {
      fields.put("error", thrown.toString());
      if (showsPlace(record.getLevel())) {
        fields.put("stacktrace", stackTrace(thrown));
      }
    }
    return fields;
  }

  /** Null when it is of none. */
  private LogComponent component(String logger) {
    String name = logger == null ? "" : logger;
    int end = name.length();
    while (end > 0) {
      LogComponent component = components.get(name.substring(0, end));
      if (component != null) {
        return component;
      }
      end = name.lastIndexOf('.', end - 1);
    }
    return null;
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "error";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "warn";
    }
    return level.intValue() >= Level.INFO.intValue() ? "info" : "debug";
  }

  /** Where it was thrown helps with defects, at SEVERE, and who asked for details. */
  private static boolean showsPlace(Level level) {
    return !level.equals(Level.WARNING) && !level.equals(Level.INFO);
  }

  private static String stackTrace(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    return trace.toString().strip();
  }

  /** A plain word needs no quotes. */
  private static String logfmt(String value) {
    boolean plain =
        !value.isEmpty()
            && value.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"=\\".indexOf(c) < 0);
    return plain ? value : JsonString.of(value);
  }
}
