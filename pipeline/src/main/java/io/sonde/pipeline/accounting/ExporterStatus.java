package io.sonde.pipeline.accounting;

import java.time.Instant;

/**
 * How the export of one signal stands at one moment.
 *
 * @param signal {@code traces} or {@code metrics}
 * @param items what is counted, as in the Collector's metric names: {@code spans}, {@code
 *     metric_points}
 * @param since when it came into this state
 * @param message why it is in this state, one line, what the endpoint said included; empty when
 *     there is nothing to say
 * @param sent items that the endpoint took
 * @param sendFailed items that were offered to the endpoint and are lost: refused, rejected, too
 *     large, given up
 * @param enqueueFailed items that the endpoint was never asked about, since the queue had no room
 *     or Sonde ended
 */
public record ExporterStatus(
    String signal,
    String items,
    State state,
    Instant since,
    String message,
    long sent,
    long sendFailed,
    long enqueueFailed,
    Queue queue) {

  /** As the component status of the Collector, but for {@link #PARKED}. */
  public enum State {
    /** Nothing was sent yet. */
    STARTING,
    /** The last request was taken. */
    OK,
    /** The last request was not taken and is tried again. */
    RECOVERABLE_ERROR,
    /** The last request was refused for good. */
    PERMANENT_ERROR,
    /** The endpoint does not know this signal: it is asked again after a long time only. */
    PARKED
  }

  /**
   * What waits for the endpoint.
   *
   * @param requests encoded ones; spans that are not in a request yet are not among them
   * @param items in these requests
   */
  public record Queue(long bytes, long capacityBytes, long requests, long items) {}
}
