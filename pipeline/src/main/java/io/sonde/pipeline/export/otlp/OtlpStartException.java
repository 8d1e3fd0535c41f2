package io.sonde.pipeline.export.otlp;

/** The endpoint cannot be spoken to as configured. The message begins with the key. */
public final class OtlpStartException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String key;

  public OtlpStartException(String key, String message, Throwable cause) {
    super(message, cause);
    this.key = key;
  }

  /** Of the configuration, without its section: {@code tls.ca_file}. */
  public String key() {
    return key;
  }
}
