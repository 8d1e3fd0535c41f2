package io.sonde.pipeline.linking;

/**
 * Takes exchanges that have their place in a trace. Called by the pipeline thread; must not block.
 */
@FunctionalInterface
public interface TraceSink {
  /**
   * @return false when there was no room for all of it; what is lost has been counted then
   */
  boolean accept(Trace trace);

  /**
   * Whether what one activity can bring about would be taken whole; may be called by any thread.
   * For feeds that can wait, as a replayed one.
   */
  default boolean hasRoom() {
    return true;
  }

  /** Whether it is also to be given traces that are not sampled. */
  default boolean takesUnsampled() {
    return false;
  }
}
