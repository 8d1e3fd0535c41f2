package io.sonde.pipeline.export.otlp.queue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class says, from INFO on. */
final class LoggedMessages extends Handler implements AutoCloseable {
  private final Logger logger;
  private final List<String> messages = new CopyOnWriteArrayList<>();

  LoggedMessages(Class<?> of) {
    logger = Logger.getLogger(of.getName());
    logger.addHandler(this);
  }

  @Override
  public void publish(LogRecord message) {
    if (message.getLevel().intValue() >= Level.INFO.intValue()) {
      messages.add(message.getMessage());
    }
  }

  List<String> messages() {
    return List.copyOf(messages);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
