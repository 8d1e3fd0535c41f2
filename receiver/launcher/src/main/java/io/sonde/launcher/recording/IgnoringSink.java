package io.sonde.launcher.recording;

import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStats;
import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.GoroutineAct;
import io.sonde.pipeline.event.ProcessExited;
import io.sonde.pipeline.event.ProcessStarted;
import java.util.function.BooleanSupplier;

/** Of a recording that is copied, nothing is made. */
final class IgnoringSink implements CaptureSink {
  @Override
  public void processStarted(ProcessStarted event) {}

  @Override
  public void processExited(ProcessExited event) {}

  @Override
  public void connectionOpened(ConnectionOpened event) {}

  @Override
  public void activity(Activity event) {}

  @Override
  public void goroutine(GoroutineAct event) {}

  @Override
  public void stats(CaptureStats event) {}

  @Override
  public void lost(String cause, long records) {}

  @Override
  public BooleanSupplier written() {
    return () -> true;
  }

  @Override
  public void disconnected() {}

  @Override
  public void resumed() {}

  @Override
  public void close() {}
}
