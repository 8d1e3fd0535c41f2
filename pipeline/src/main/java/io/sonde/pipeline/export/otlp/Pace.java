package io.sonde.pipeline.export.otlp;

import io.sonde.pipeline.OtlpConfig.Backoff;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between attempts that grow by half each time and vary by half, as the Collector's and the
 * Go SDK's do, so that many clients do not come back at the same moment. For one thread.
 */
final class Pace {
  private static final double GROWTH = 1.5;
  private static final double JITTER = 0.5;

  private final Backoff backoff;
  private double nextNs;

  Pace(Backoff backoff) {
    this.backoff = backoff;
    reset();
  }

  void reset() {
    nextNs = backoff.initial().toNanos();
  }

  Duration next() {
    double pause = nextNs * ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER);
    nextNs = Math.min(nextNs * GROWTH, backoff.max().toNanos());
    return Duration.ofNanos((long) pause);
  }
}
