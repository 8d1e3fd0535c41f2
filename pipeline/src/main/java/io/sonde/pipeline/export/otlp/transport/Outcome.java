package io.sonde.pipeline.export.otlp.transport;

import java.time.Duration;
import java.util.Optional;

/** What became of a request. Reasons are one line, to be read by a person. */
public sealed interface Outcome {
  /**
   * The endpoint took it, or all of it but some items (partial success).
   *
   * @param rejected items that it did not take and does not want again
   * @param message why, or a warning; empty when it said nothing
   */
  record Accepted(long rejected, String message) implements Outcome {}

  /**
   * Not this time. Unless there was no connection, it may even have arrived: then only the answer
   * is missing.
   *
   * @param after what the endpoint asked to wait
   */
  record Retry(String reason, Optional<Duration> after) implements Outcome {}

  /** Never: the same request would be refused again. */
  record Refused(String reason) implements Outcome {}

  /** The endpoint does not know the signal. */
  record Unimplemented(String reason) implements Outcome {}

  /** Less at a time might be taken. */
  record TooLarge(String reason) implements Outcome {}
}
