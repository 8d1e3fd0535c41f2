package io.sonde.probes.host;

/** Capture cannot work here as it is. The message says why and what to do. */
public final class UnfitHostException extends Exception {
  private static final long serialVersionUID = 1L;

  UnfitHostException(String message) {
    super(message);
  }

  UnfitHostException(String message, Throwable cause) {
    super(message, cause);
  }
}
