package io.sonde.pipeline;

/** An output cannot be started. The message says what failed, why, and what to do. */
public final class PipelineStartException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String key;

  PipelineStartException(String key, String message, Throwable cause) {
    super(message, cause);
    this.key = key;
  }

  /** Configuration key that it concerns. */
  public String key() {
    return key;
  }
}
