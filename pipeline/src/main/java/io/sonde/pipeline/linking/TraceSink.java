package io.sonde.pipeline.linking;

/**
 * Takes exchanges that have their place in a trace. Called by the pipeline thread; must not block.
 */
@FunctionalInterface
public interface TraceSink {
  void accept(Trace trace);
}
