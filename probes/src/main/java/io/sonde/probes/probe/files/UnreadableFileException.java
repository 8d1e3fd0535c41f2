package io.sonde.probes.probe.files;

/**
 * A file has something that would be attached to, but not in a way that can be looked into. The
 * message says why.
 */
public final class UnreadableFileException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnreadableFileException(String message) {
    super(message);
  }
}
