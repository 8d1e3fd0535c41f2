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
}
