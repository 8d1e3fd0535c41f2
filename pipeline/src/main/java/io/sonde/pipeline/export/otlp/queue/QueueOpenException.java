package io.sonde.pipeline.export.otlp.queue;

/** A directory cannot be used as a queue. The message says what failed, why, and what to do. */
public final class QueueOpenException extends Exception {
  private static final long serialVersionUID = 1L;

  QueueOpenException(String message) {
    super(message);
  }

  QueueOpenException(String message, Throwable cause) {
    super(message, cause);
  }
}
