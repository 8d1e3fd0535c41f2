package io.sonde.server.recording;

import io.sonde.contract.v1.CaptureMessage;

/**
 * Is told all that crosses the contract, as it came and in the order in which the pipeline is told.
 * Called on the pipeline thread; what it takes to return, the captures wait.
 */
public interface CaptureTap {
  /** Nobody listens. */
  CaptureTap NONE = hello -> Capture.IGNORED;

  /**
   * A capture instance that was not known has connected.
   *
   * @param hello its first message
   * @return is told what follows
   */
  Capture opened(CaptureMessage hello);

  /** One capture instance, until it is closed. */
  interface Capture {
    Capture IGNORED =
        new Capture() {
          @Override
          public void message(CaptureMessage message) {}

          @Override
          public void disconnected() {}

          @Override
          public void resumed() {}

          @Override
          public void closed() {}
        };

    /** Taken for the first time. */
    void message(CaptureMessage message);

    /** Its call broke. */
    void disconnected();

    /** It is back, and goes on where it was. */
    void resumed();

    /** It has ended or was given up; no call follows. */
    void closed();
  }
}
