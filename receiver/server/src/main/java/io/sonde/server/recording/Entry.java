package io.sonde.server.recording;

import io.sonde.contract.v1.CaptureMessage;

/**
 * What happened next in a recording.
 *
 * @param capture numbers the capture instances of the recording from 0 on
 * @param message of a {@code MESSAGE}, else null
 */
public record Entry(Kind kind, int capture, CaptureMessage message) {

  /** The ordinal is the number in the file: only ever added to. */
  public enum Kind {
    /** A capture sent a message; its first one is a Hello. */
    MESSAGE,
    /** The call of a capture broke. */
    DISCONNECTED,
    /** It came back. */
    RESUMED,
    /** The capture has ended, or was given up. */
    CLOSED,
    /** The recording ends in good order. Of no capture. */
    END
  }

  static Entry message(int capture, CaptureMessage message) {
    return new Entry(Kind.MESSAGE, capture, message);
  }

  static Entry of(Kind kind, int capture) {
    return new Entry(kind, capture, null);
  }
}
