package io.sonde.pipeline.event;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Takes the events of one capture process, in order. Called by one thread at a time; every call
 * returns without blocking on the network. Obtained from {@code Pipeline.open}, one per capture
 * instance.
 */
public interface CaptureSink {
  void processStarted(ProcessStarted event);

  void processExited(ProcessExited event);

  void connectionOpened(ConnectionOpened event);

  /** The argument is valid only during the call. */
  void activity(Activity event);

  /**
   * How many records of its conversation are missing between the latest one and this, which is
   * going to be told: by its {@link Activity#sequence}. What it has overtaken is to be told first.
   *
   * @return 0 also when that is not known, or does not matter; negative for one that comes late
   */
  default int missingBefore(Activity event) {
    return 0;
  }

  void goroutine(GoroutineAct event);

  void stats(CaptureStats event);

  /**
   * The feed could not be read further at some point: records before and after are sound, but
   * {@code records} (or an unknown number, when negative) were lost for {@code cause}.
   */
  void lost(String cause, long records);

  /**
   * Turns true once all that was taken until now has been written by outputs that write at once
   * (printed traces): what a receiver that is killed takes with it was not acknowledged then.
   * Queues for endpoints that may be away for long do not hold it up.
   */
  BooleanSupplier written();

  /** What was seen of a process; empty when it is not known, or not for this sink to say. */
  default Optional<ProcessSeen> seen(int pid) {
    return Optional.empty();
  }

  /** The capture's call broke: it may have died, or be back in a moment. */
  void disconnected();

  /** It is back, and goes on where it was. */
  void resumed();

  /**
   * The capture instance is gone for good; its open exchanges end as unfinished. No call follows.
   */
  void close();
}
