package io.sonde.pipeline;

import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.CaptureStats;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A capture that was recorded: tells what time it was, and waits where one that lives would overrun
 * the outputs, since a recording can be read a thousand times as fast as it was made.
 */
final class ReplayedCapture extends ForwardingCapture {
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final RecordedTime time;
  private final BooleanSupplier hasRoom;
  private long realtimeOffsetNs;

  /**
   * @param hasRoom whether all outputs will take what one activity may bring about
   */
  ReplayedCapture(
      CaptureStarted started, CaptureSink next, RecordedTime time, BooleanSupplier hasRoom) {
    super(next);
    this.time = time;
    this.hasRoom = hasRoom;
    this.realtimeOffsetNs = started.realtimeOffsetNs();
  }

  @Override
  public void activity(Activity event) {
    while (!hasRoom.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(LOOK_NS);
    }
    time.reached(event.timeNs() + realtimeOffsetNs);
    super.activity(event);
  }

  @Override
  public void stats(CaptureStats event) {
    realtimeOffsetNs = event.realtimeOffsetNs();
    super.stats(event);
  }
}
