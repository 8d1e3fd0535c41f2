package io.sonde.probes.probe.tls;

/** A file does TLS by itself, but not in a way that can be looked into. The message says why. */
public final class UnreadableTlsException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnreadableTlsException(String message) {
    super(message);
  }
}
