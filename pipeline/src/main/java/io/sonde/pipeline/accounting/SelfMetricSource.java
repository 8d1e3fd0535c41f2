package io.sonde.pipeline.accounting;

import java.util.List;

/** Knows numbers that Sonde tells of itself. */
@FunctionalInterface
public interface SelfMetricSource {
  /** As they are now. Called by any thread; must not block. */
  List<SelfMetric> collect();
}
