package io.sonde.pipeline;

import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.CaptureStats;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Hands everything on to the decoder, and what a capture says of itself to the self-metrics too.
 */
final class ObservedCapture extends ForwardingCapture {
  private final String instanceId;
  private final SelfMetrics selfMetrics;
  private final Supplier<BooleanSupplier> printing;

  /**
   * @param printing as {@link CaptureSink#written}
   */
  ObservedCapture(
      CaptureStarted started,
      CaptureSink decoder,
      SelfMetrics selfMetrics,
      Supplier<BooleanSupplier> printing) {
    super(decoder);
    this.instanceId = started.instanceId();
    this.selfMetrics = selfMetrics;
    this.printing = printing;
    selfMetrics.captureStarted(started);
  }

  @Override
  public void stats(CaptureStats event) {
    super.stats(event);
    selfMetrics.captureStats(instanceId, event);
  }

  @Override
  public BooleanSupplier written() {
    return printing.get();
  }

  @Override
  public void close() {
    super.close();
    selfMetrics.captureClosed(instanceId);
  }
}
