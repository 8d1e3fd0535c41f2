package io.sonde.pipeline.accounting;

import java.util.Locale;

/** Whether TLS could be read. */
public enum TlsResult {
  /** A connection of which plaintext was told, or that it would be. */
  READABLE,
  /** A connection that was encrypted to its end, or to where it was given up. */
  UNREADABLE,
  /** The same, of a JVM that has its own TLS. */
  UNREADABLE_IN_JVM,
  /** A session whose plaintext was read, but is of no connection for certain. */
  UNMATCHED;

  /** As in metric labels. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
