package io.sonde.pipeline.metrics;

import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import io.sonde.pipeline.MetricsConfig.Exponential;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts in buckets whose bounds are powers of {@code base = 2^(2^-scale)}: bucket {@code i} has
 * what is more than {@code base^i} and at most {@code base^(i+1)} (OpenTelemetry metrics data
 * model, "ExponentialHistogram"). Begins with the largest scale; when the buckets from the lowest
 * to the highest in use would become too many, each two neighbours become one. Gives the same
 * buckets as the OpenTelemetry SDK for the same measurements; unlike it, makes no garbage once the
 * range is known. Guarded by the store's lock.
 */
final class ExponentialCounts {
  private static final int FIRST_CAPACITY = 8;
  private static final double LOG2_E = 1 / Math.log(2);

  private final Exponential config;
  private int scale;
  private double perLog;
  private long zeros;
  private long[] counts = new long[0];
  private int first; // index of counts[0]
  private int used; // how many of counts, from the first

  ExponentialCounts(Exponential config) {
    this.config = config;
    reset();
  }

  void reset() {
    setScale(config.maxScale());
    zeros = 0;
    Arrays.fill(counts, 0);
    used = 0;
  }

  private void setScale(int newScale) {
    scale = newScale;
    perLog = Math.scalb(LOG2_E, newScale);
  }

  /**
   * @param value not negative
   */
  void record(double value) {
    if (value == 0) {
      zeros++;
      return;
    }
    int index = index(value);
    // Again, since an index by the logarithm may be another one than the index before, halved.
    for (int by = reduction(index); by > 0; by = reduction(index)) {
      downscale(by);
      index = index(value);
    }
    cover(index);
    counts[index - first]++;
  }

  /** By how much the scale must go down for this index to be among the buckets. */
  private int reduction(int index) {
    int low = used == 0 ? index : Math.min(index, first);
    int high = used == 0 ? index : Math.max(index, first + used - 1);
    int by = 0;
    while ((high >> by) - (low >> by) >= config.maxBuckets()) {
      by++;
    }
    return by;
  }

  /** By the logarithm where the SDK does: inexact at bounds of buckets, by an ulp. */
  private int index(double value) {
    if (scale > 0) {
      return (int) Math.ceil(Math.log(value) * perLog) - 1;
    }
    int exponent = Math.getExponent(value);
    boolean powerOfTwo = Math.scalb(1.0, exponent) == value;
    return (powerOfTwo ? exponent - 1 : exponent) >> -scale;
  }

  private void downscale(int by) {
    if (used > 0) {
      int newFirst = first >> by;
      for (int i = 0; i < used; i++) {
        long count = counts[i];
        counts[i] = 0;
        counts[((first + i) >> by) - newFirst] += count;
      }
      used = ((first + used - 1) >> by) - newFirst + 1;
      first = newFirst;
    }
    setScale(scale - by);
  }

  private void cover(int index) {
    if (used == 0) {
      first = index;
    }
    int shift = Math.max(0, first - index);
    int width = Math.max(used + shift, index - first + 1);
    if (width > counts.length) {
      int capacity = Math.max(FIRST_CAPACITY, Math.max(width, 2 * counts.length));
      long[] wider = new long[Math.min(capacity, config.maxBuckets())];
      System.arraycopy(counts, 0, wider, shift, used);
      counts = wider;
    } else if (shift > 0) {
      System.arraycopy(counts, 0, counts, shift, used);
      Arrays.fill(counts, 0, Math.min(shift, used), 0);
    }
    first -= shift;
    used = width;
  }

  long zeros() {
    return zeros;
  }

  /** As they are now. */
  ExponentialHistogramBuckets positive() {
    List<Long> copy = new ArrayList<>(used);
    for (int i = 0; i < used; i++) {
      copy.add(counts[i]);
    }
    return ExponentialHistogramBuckets.create(scale, used == 0 ? 0 : first, copy);
  }

  ExponentialHistogramBuckets negative() {
    return ExponentialHistogramBuckets.create(scale, 0, List.of());
  }

  int scale() {
    return scale;
  }
}
