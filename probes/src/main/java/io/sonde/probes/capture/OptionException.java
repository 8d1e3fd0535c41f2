package io.sonde.probes.capture;

/** An option that cannot be understood; the message names it, its value and the remedy. */
final class OptionException extends Exception {
  private static final long serialVersionUID = 1L;

  OptionException(String message) {
    super(message);
  }
}
