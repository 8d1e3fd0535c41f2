package io.sonde.pipeline.export.otlp;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What {@link ExportLog} says meanwhile, at least informative. */
final class KeptLog extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger(ExportLog.class.getName());
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();

  KeptLog() {
    logger.addHandler(this);
  }

  @Override
  public void publish(LogRecord message) {
    records.add(message);
  }

  List<LogRecord> records() {
    return records;
  }

  List<String> warnings() {
    return records.stream()
        .filter(message -> message.getLevel().equals(Level.WARNING))
        .map(new SimpleFormatter()::formatMessage)
        .toList();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
