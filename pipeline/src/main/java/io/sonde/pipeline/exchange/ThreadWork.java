package io.sonde.pipeline.exchange;

/**
 * What is known of the threads of an exchange that goes on. Handed over with the operation that
 * began it; asked once, when it is over.
 */
public interface ThreadWork {
  ThreadEvidence evidence();
}
