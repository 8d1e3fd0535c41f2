package io.sonde.pipeline.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.Base2ExponentialHistogramOptions;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.sonde.pipeline.MetricsConfig.Exponential;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The OpenTelemetry SDK's own histograms say what is right. */
class ExponentialCountsTest {

  @ParameterizedTest
  @CsvSource({"20, 160", "20, 4", "8, 100", "3, 160", "0, 20", "-2, 10"})
  void bucketsAndScaleAreThoseOfTheSdkForTheSameMeasurements(int maxScale, int maxBuckets) {
    Random random = new Random(31L * maxScale + maxBuckets);
    for (int round = 0; round < 40; round++) {
      Exponential config = new Exponential(maxScale, maxBuckets);
      ExponentialCounts ours = new ExponentialCounts(config);
      try (Sdk sdk = new Sdk(config)) {
        DoubleSupplier source = source(random, round);
        for (int collection = 0; collection < 3; collection++) {
          DoubleStream.generate(source)
              .limit(1 + random.nextInt(400))
              .forEach(
                  value -> {
                    ours.record(value);
                    sdk.histogram.record(value);
                  });
          assertSame(ours, sdk.collect());
          ours.reset(); // as the SDK does, whose reader wants deltas
        }
      }
    }
  }

  @Test
  void theLargestAndTheSmallestMeasurementsThereCanBeAreCounted() {
    ExponentialCounts ours = new ExponentialCounts(Exponential.DEFAULT);
    try (Sdk sdk = new Sdk(Exponential.DEFAULT)) {
      DoubleStream.of(Long.MAX_VALUE, 1e-9, 0, Long.MAX_VALUE / 1e9, 1, 8, 0.125)
          .forEach(
              value -> {
                ours.record(value);
                sdk.histogram.record(value);
              });
      assertSame(ours, sdk.collect());
    }
    assertThat(ours.zeros()).isEqualTo(1);
  }

  /** The SDK loses one now and then when there are so few: the logarithm is inexact at bounds. */
  @Test
  void nothingIsLostHoweverFewBucketsThereMayBe() {
    ExponentialCounts counts = new ExponentialCounts(new Exponential(20, 2));
    Random random = new Random(2);
    for (int n = 1; n <= 5000; n++) {
      counts.record(source(random, n).getAsDouble());
      assertThat(counts.positive().getTotalCount() + counts.zeros()).isEqualTo(n);
      assertThat(counts.positive().getBucketCounts()).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void countingInAKnownRangeMakesNoGarbage() {
    ExponentialCounts counts = new ExponentialCounts(Exponential.DEFAULT);
    double[] values = new Random(1).doubles(1000, 0.001, 2).toArray();
    for (int round = 0; round < 100; round++) {
      record(counts, values);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(self);
    for (int round = 0; round < 100; round++) {
      record(counts, values);
    }
    assertThat(threads.getThreadAllocatedBytes(self) - before).isLessThan(2_000);
  }

  private static void record(ExponentialCounts counts, double... values) {
    for (double value : values) {
      counts.record(value);
    }
  }

  /** Durations of some shape, whole sizes, powers of two (the bounds), and zeros among them. */
  private static DoubleSupplier source(Random random, int round) {
    return switch (round % 4) {
      case 0 -> () -> Math.exp(random.nextGaussian() * 2 - 5);
      case 1 -> () -> random.nextInt(20_000);
      case 2 -> () -> Math.scalb(1.0, random.nextInt(40) - 30);
      default -> () -> Math.round(0.003 * 1e9 * (1 + random.nextDouble() / 50)) / 1e9;
    };
  }

  private static void assertSame(ExponentialCounts ours, ExponentialHistogramPointData sdk) {
    ExponentialHistogramBuckets buckets = ours.positive();
    assertThat(ours.zeros()).isEqualTo(sdk.getZeroCount());
    assertThat(buckets.getTotalCount()).isEqualTo(sdk.getPositiveBuckets().getTotalCount());
    if (buckets.getTotalCount() > 0) {
      assertThat(ours.scale()).isEqualTo(sdk.getScale());
      assertThat(buckets.getOffset()).isEqualTo(sdk.getPositiveBuckets().getOffset());
      assertThat(buckets.getBucketCounts()).isEqualTo(sdk.getPositiveBuckets().getBucketCounts());
    }
  }

  /** One histogram of the SDK. */
  private static final class Sdk implements MetricReader {
    private final SdkMeterProvider provider;
    final DoubleHistogram histogram;
    private CollectionRegistration registration;

    Sdk(Exponential config) {
      provider =
          SdkMeterProvider.builder()
              .registerMetricReader(this)
              .registerView(
                  InstrumentSelector.builder().setName("h").build(),
                  View.builder()
                      .setAggregation(
                          Aggregation.base2ExponentialBucketHistogram(
                              Base2ExponentialHistogramOptions.builder()
                                  .setMaxBuckets(config.maxBuckets())
                                  .setMaxScale(config.maxScale())
                                  .build()))
                      .build())
              .build();
      histogram = provider.get("test").histogramBuilder("h").build();
    }

    ExponentialHistogramPointData collect() {
      return registration
          .collectAllMetrics()
          .iterator()
          .next()
          .getExponentialHistogramData()
          .getPoints()
          .iterator()
          .next();
    }

    @Override
    public void register(CollectionRegistration collection) {
      registration = collection;
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
      return AggregationTemporality.DELTA;
    }

    @Override
    public CompletableResultCode forceFlush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public void close() {
      provider.close();
    }
  }
}
