package io.sonde.pipeline.exchange;

import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.util.Set;

/** A finished exchange. Immutable; safe to hand to other threads. Times are CLOCK_MONOTONIC ns. */
public sealed interface Exchange permits HttpExchange {
  /** The observed service: the process that read the request (server) or sent it (client). */
  Service service();

  ConnectionOpened connection();

  /** SERVER or CLIENT, never UNKNOWN. */
  Role role();

  Timing timing();

  /** Thread that first touched the request in the observed process. */
  int tid();

  /** Null when nothing is known of its threads. */
  ThreadEvidence threads();

  /** Signals that the configuration wants to know nothing of it; empty as nearly always. */
  Set<Export> ignoredFor();

  /** Value of the {@code error.type} attribute, or null when the exchange ended without error. */
  String errorType();
}
