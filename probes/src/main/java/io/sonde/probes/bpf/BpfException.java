package io.sonde.probes.bpf;

/**
 * The kernel or libbpf refused something. The message says what was tried, what happened and what
 * to do.
 */
public final class BpfException extends Exception {
  private static final long serialVersionUID = 1L;

  public BpfException(String message) {
    super(message);
  }

  public BpfException(String message, Throwable cause) {
    super(message, cause);
  }
}
