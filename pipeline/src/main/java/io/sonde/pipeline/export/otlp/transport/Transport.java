package io.sonde.pipeline.export.otlp.transport;

import io.sonde.pipeline.export.otlp.request.OtlpRequest;

/** A way to one endpoint for one signal. It connects when it has to, again and again. */
public interface Transport extends AutoCloseable {
  /**
   * Sends a request once and waits for the answer, at most the configured timeout. For one thread.
   *
   * @throws InterruptedException when the thread is; whether the request arrived is not known then
   */
  Outcome send(OtlpRequest request) throws InterruptedException;

  /** Cuts off a {@link #send} that is under way on another thread: it ends with a retry. */
  @Override
  void close();
}
