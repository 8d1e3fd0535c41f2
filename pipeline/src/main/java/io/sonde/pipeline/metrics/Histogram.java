package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.sonde.pipeline.linking.Trace;
import java.util.Arrays;
import java.util.List;

/** One histogram, since it began or was last reset. Guarded by the store's lock. */
final class Histogram {
  private final Shape shape;
  private final long[] counts;
  private final ExponentialCounts exponential; // null where nobody wants them
  private long count;
  private long rawSum;
  private long rawMin;
  private long rawMax;
  private Exemplars exemplars; // null as long as there is none

  Histogram(Shape shape) {
    this.shape = shape;
    this.counts = new long[shape.buckets()];
    this.exponential = shape.exponential().map(ExponentialCounts::new).orElse(null);
    reset();
  }

  Shape shape() {
    return shape;
  }

  /** Forgets everything: what is recorded next is the first. */
  void reset() {
    Arrays.fill(counts, 0);
    if (exponential != null) {
      exponential.reset();
    }
    count = 0;
    rawSum = 0;
    rawMin = Long.MAX_VALUE;
    rawMax = 0;
    exemplars = null;
  }

  /**
   * @param raw ns or bytes; never negative
   */
  void record(long raw) {
    counts[shape.bucket(raw)]++;
    if (exponential != null) {
      exponential.record(shape.instrument().inUnit(raw));
    }
    count++;
    rawSum += raw;
    rawMin = Math.min(rawMin, raw);
    rawMax = Math.max(rawMax, raw);
  }

  /**
   * As {@link #record(long)}, keeping the way to the request's span.
   *
   * @param trace null: there is no such way
   */
  void record(long raw, Trace trace) {
    record(raw);
    if (trace == null) {
      return;
    }
    if (exemplars == null) {
      exemplars = new Exemplars(counts.length);
    }
    exemplars.keep(shape.bucket(raw), raw, trace);
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** By its explicit buckets, the exponential ones beside them. Not of an empty one. */
  HistogramPoint explicitPoint(long startUnixNs, long nowUnixNs, Attributes attributes) {
    return new HistogramPoint(
        HistogramPointData.create(
            startUnixNs,
            nowUnixNs,
            attributes,
            inUnit(rawSum),
            true,
            inUnit(rawMin),
            true,
            inUnit(rawMax),
            shape.bounds(),
            Arrays.stream(counts).boxed().toList()),
        exemplarData(),
        exponential == null ? null : exponentialPoint(startUnixNs, nowUnixNs, attributes));
  }

  /** By its exponential buckets. Not of an empty one, nor where there are none. */
  ExponentialHistogramPointData exponentialPoint(
      long startUnixNs, long nowUnixNs, Attributes attributes) {
    return ExponentialHistogramPointData.create(
        exponential.scale(),
        inUnit(rawSum),
        exponential.zeros(),
        true,
        inUnit(rawMin),
        true,
        inUnit(rawMax),
        exponential.positive(),
        exponential.negative(),
        startUnixNs,
        nowUnixNs,
        attributes,
        exemplarData());
  }

  private List<DoubleExemplarData> exemplarData() {
    return exemplars == null ? List.of() : exemplars.data(shape.instrument());
  }

  private double inUnit(long raw) {
    return shape.instrument().inUnit(raw);
  }
}
