package io.sonde.pipeline.export.otlp.queue;

import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import java.time.Duration;

/**
 * Requests of one signal on their way to the endpoint, first in first out, bounded by bytes.
 *
 * <p>Several producers call {@link #offer}; one consumer calls {@link #peek} and {@link #remove}.
 * The figures may be read by any thread. At any moment, in items:
 *
 * <pre>recovered + offered = removed + told to the {@link LossListener} + left ({@link #items})
 * </pre>
 *
 * <p>The request that the consumer holds, from {@code peek} to {@code remove}, is never dropped to
 * make room: its outcome is the endpoint's answer, and a request that was counted as dropped and
 * delivered nevertheless would make both counts wrong.
 */
public interface SendingQueue extends AutoCloseable {
  /**
   * Puts a request at the end. Does not wait for room: over the bound the oldest requests are
   * dropped and told until it fits; one that can never fit, or comes after {@link #close}, is
   * itself dropped and told.
   */
  void offer(OtlpRequest request);

  /**
   * The oldest request, which stays in the queue and is held for the consumer: until {@link
   * #remove} every call returns the same one.
   *
   * @return null when there is none within the timeout, or the queue is closed
   */
  OtlpRequest peek(Duration timeout) throws InterruptedException;

  /**
   * Removes the request that {@link #peek} returned: the endpoint has taken it, or refused it for
   * good.
   *
   * @return whether it was still there, so that the caller counts its outcome; false when the queue
   *     was closed meanwhile: then it has been told as lost, or stays for the next start
   * @throws IllegalStateException when nothing is held
   */
  boolean remove();

  /**
   * Bytes in use of {@link #capacityBytes}, with what the queue itself needs per request; on disk
   * also with what is sent but not yet deleted, a 16th at most once all is sent.
   */
  long bytes();

  long capacityBytes();

  /** Requests in the queue, the held one included. */
  long requests();

  /** Spans or metric points in the queue, those of the held request included. */
  long items();

  /** Items that an earlier run left, as found on opening; to be counted as coming in. */
  long recovered();

  /**
   * Ends it: {@link #peek} returns null from now on. In memory what is left is told as lost; on
   * disk it stays for the next start.
   */
  @Override
  void close();
}
