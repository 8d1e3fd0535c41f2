package io.sonde.pipeline.export.otlp.queue;

/** A file of the queue that this version cannot read; the message completes "…, since". */
final class ForeignFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  ForeignFormatException(String why) {
    super(why);
  }
}
