package io.sonde.probes.elf.go;

/** A Go program whose functions cannot be told for certain; the message says why. */
public final class UnreadableGoException extends Exception {
  private static final long serialVersionUID = 1;

  public UnreadableGoException(String message) {
    super(message);
  }
}
