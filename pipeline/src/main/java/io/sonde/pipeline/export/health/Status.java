package io.sonde.pipeline.export.health;

/** Component status of the Collector (componentstatus), as far as Sonde is ever in it. */
enum Status {
  STARTING("StatusStarting", 503),
  OK("StatusOK", 200),
  RECOVERABLE_ERROR("StatusRecoverableError", 200),
  PERMANENT_ERROR("StatusPermanentError", 500),
  STOPPING("StatusStopping", 503);

  private final String text;
  private final int httpCode;

  Status(String text, int httpCode) {
    this.text = text;
    this.httpCode = httpCode;
  }

  /** As the extension writes it. */
  String text() {
    return text;
  }

  /** With which the extension answers; with its {@code include_permanent_errors} set. */
  int httpCode() {
    return httpCode;
  }

  boolean isHealthy() {
    return this != PERMANENT_ERROR;
  }

  boolean isError() {
    return this == RECOVERABLE_ERROR || this == PERMANENT_ERROR;
  }
}
