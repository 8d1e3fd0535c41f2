package io.sonde.pipeline;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** The warnings of one class, while it is open. */
public final class KeptWarnings extends Handler implements AutoCloseable {
  private final Logger logger;
  private final List<String> messages = new CopyOnWriteArrayList<>();

  private KeptWarnings(Logger logger) {
    this.logger = logger;
  }

  public static KeptWarnings of(Class<?> type) {
    KeptWarnings kept = new KeptWarnings(Logger.getLogger(type.getName()));
    kept.logger.addHandler(kept);
    kept.logger.setUseParentHandlers(false); // a test may provoke hundreds
    return kept;
  }

  public List<String> all() {
    return messages;
  }

  @Override
  public void publish(LogRecord message) {
    if (message.getLevel().equals(Level.WARNING)) {
      messages.add(new SimpleFormatter().formatMessage(message));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
