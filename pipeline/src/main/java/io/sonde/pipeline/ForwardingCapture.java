package io.sonde.pipeline;

import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStats;
import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.GoroutineAct;
import io.sonde.pipeline.event.ProcessExited;
import io.sonde.pipeline.event.ProcessSeen;
import io.sonde.pipeline.event.ProcessStarted;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Hands everything on to the next sink; what one does besides, it overrides. */
abstract class ForwardingCapture implements CaptureSink {
  private final CaptureSink next;

  ForwardingCapture(CaptureSink next) {
    this.next = next;
  }

  @Override
  public void processStarted(ProcessStarted event) {
    next.processStarted(event);
  }

  @Override
  public void processExited(ProcessExited event) {
    next.processExited(event);
  }

  @Override
  public void connectionOpened(ConnectionOpened event) {
    next.connectionOpened(event);
  }

  @Override
  public void activity(Activity event) {
    next.activity(event);
  }

  @Override
  public int missingBefore(Activity event) {
    return next.missingBefore(event);
  }

  @Override
  public void goroutine(GoroutineAct event) {
    next.goroutine(event);
  }

  @Override
  public void stats(CaptureStats event) {
    next.stats(event);
  }

  @Override
  public Optional<ProcessSeen> seen(int pid) {
    return next.seen(pid);
  }

  @Override
  public void lost(String cause, long records) {
    next.lost(cause, records);
  }

  @Override
  public BooleanSupplier written() {
    return next.written();
  }

  @Override
  public void disconnected() {
    next.disconnected();
  }

  @Override
  public void resumed() {
    next.resumed();
  }

  @Override
  public void close() {
    next.close();
  }
}
