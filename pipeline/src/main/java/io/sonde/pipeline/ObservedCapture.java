package io.sonde.pipeline;

import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.CaptureStats;
import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.ProcessExited;
import io.sonde.pipeline.event.ProcessSeen;
import io.sonde.pipeline.event.ProcessStarted;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Hands everything on to the decoder, and what a capture says of itself to the self-metrics too.
 */
final class ObservedCapture implements CaptureSink {
  private final String instanceId;
  private final CaptureSink decoder;
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
    this.instanceId = started.instanceId();
    this.decoder = decoder;
    this.selfMetrics = selfMetrics;
    this.printing = printing;
    selfMetrics.captureStarted(started);
  }

  @Override
  public void processStarted(ProcessStarted event) {
    decoder.processStarted(event);
  }

  @Override
  public void processExited(ProcessExited event) {
    decoder.processExited(event);
  }

  @Override
  public void connectionOpened(ConnectionOpened event) {
    decoder.connectionOpened(event);
  }

  @Override
  public void activity(Activity event) {
    decoder.activity(event);
  }

  @Override
  public void stats(CaptureStats event) {
    decoder.stats(event);
    selfMetrics.captureStats(instanceId, event);
  }

  @Override
  public Optional<ProcessSeen> seen(int pid) {
    return decoder.seen(pid);
  }

  @Override
  public void lost(String cause, long records) {
    decoder.lost(cause, records);
  }

  @Override
  public BooleanSupplier written() {
    return printing.get();
  }

  @Override
  public void disconnected() {
    decoder.disconnected();
  }

  @Override
  public void resumed() {
    decoder.resumed();
  }

  @Override
  public void close() {
    decoder.close();
    selfMetrics.captureClosed(instanceId);
  }
}
