package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.sonde.pipeline.linking.Trace;
import java.util.Arrays;

/** One cumulative explicit-bucket histogram. Guarded by the store's lock. */
final class Histogram {
  private final Instrument instrument;
  private final long[] counts;
  private long rawSum;
  private Exemplars exemplars; // null as long as there is none

  Histogram(Instrument instrument) {
    this.instrument = instrument;
    this.counts = new long[instrument.buckets()];
  }

  Instrument instrument() {
    return instrument;
  }

  /**
   * @param raw ns or bytes; never negative
   */
  void record(long raw) {
    counts[instrument.bucket(raw)]++;
    rawSum += raw;
  }

  /**
   * As {@link #record(long)}, keeping the way to the request's span.
   *
   * @param trace whose span is exported
   */
  void record(long raw, Trace trace) {
    record(raw);
    if (exemplars == null) {
      exemplars = new Exemplars(counts.length);
    }
    exemplars.keep(instrument.bucket(raw), raw, trace);
  }

  boolean isEmpty() {
    for (long count : counts) {
      if (count != 0) {
        return false;
      }
    }
    return true;
  }

  HistogramPointData point(long startUnixNs, long nowUnixNs, Attributes attributes) {
    HistogramPointData point =
        HistogramPointData.create(
            startUnixNs,
            nowUnixNs,
            attributes,
            instrument.inUnit(rawSum),
            false,
            0,
            false,
            0,
            instrument.bounds(),
            Arrays.stream(counts).boxed().toList());
    return exemplars == null ? point : new HistogramPoint(point, exemplars.data(instrument));
  }
}
