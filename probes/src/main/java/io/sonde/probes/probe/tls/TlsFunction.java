package io.sonde.probes.probe.tls;

import io.sonde.probes.probe.files.HookFunction;

/** What a hooked function does, {@code enum tls_function} of tls_functions.bpf.h. */
public enum TlsFunction implements HookFunction {
  /** {@code (object, buffer, length)}, returns the bytes read. */
  READ(1, 3),
  /** {@code (object, buffer, length, *bytes)}, returns 1. */
  READ_EX(2, 4),
  /** {@code (object, buffer, length)}, returns the bytes written. */
  WRITE(3, 3),
  /** {@code (object, buffer, length, *bytes)}, returns 1. */
  WRITE_EX(4, 4),
  /** {@code (object, buffer, length, flags, *bytes)}, returns 1. */
  WRITE_EX2(5, 5),
  /** {@code (object)}. */
  HANDSHAKE(6, 1),
  /** {@code (object)}. */
  SHUTDOWN(7, 1),
  /**
   * {@code (object)}, freed or made ready for another use; only its entry is hooked. OpenSSL itself
   * calls SSL_clear when an object is new and within its first SSL_do_handshake.
   */
  END(8, 1),
  /** Writes records. Only its entry is hooked, as of all of Go's. */
  GO_WRITE(16, 4),
  /** Begins a session. */
  GO_HANDSHAKE(17, 1),
  /** Within a read, where it gives bytes. */
  GO_COPY(18, 3);

  private final int number;
  private final int arguments;

  TlsFunction(int number, int arguments) {
    this.number = number;
    this.arguments = arguments;
  }

  @Override
  public int number() {
    return number;
  }

  /** How many of its arguments, from the first on, are looked at. */
  public int arguments() {
    return arguments;
  }
}
