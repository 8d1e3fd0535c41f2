package io.sonde.pipeline.exchange;

import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.util.Set;
import java.util.function.Function;

/** A finished exchange. Immutable; safe to hand to other threads. Times are CLOCK_MONOTONIC ns. */
public sealed interface Exchange permits HttpExchange, RpcExchange {
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

  /** Of low cardinality; null until the stage {@code routes} has named it. */
  String spanName();

  /** As the client called it, or else the server's socket address; without port. */
  String serverAddress();

  /** As the client called it, or else the socket's. */
  int serverPort();

  /** Payload of the request, bytes; -1 when not known. */
  long requestBytes();

  /** Payload of the answer, bytes; -1 when not known. */
  long responseBytes();

  /** Null when absent. */
  String userAgent();

  /**
   * Value of the request's only {@code traceparent} field as sent, not validated (W3C Trace Context
   * §3.2); null when absent, there are several, or it is longer than 256 bytes.
   */
  String traceParent();

  /**
   * Values of its {@code tracestate} fields, joined with commas in their order and not validated
   * (W3C Trace Context §3.3); null when absent or over 1024 bytes together.
   */
  String traceState();

  /** The captured head ended before the real one did; what is given is still right. */
  boolean truncated();

  /** What only one family of conventions has: exactly one of the two functions is asked. */
  <R> R match(Function<HttpExchange, R> http, Function<RpcExchange, R> rpc);

  /** Value of the {@code error.type} attribute, or null when the exchange ended without error. */
  String errorType();
}
