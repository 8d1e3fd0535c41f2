package io.sonde.server.recording;

import java.io.IOException;

/** The file is not a recording that this Sonde reads; the message says why and what to do. */
public final class RecordingException extends IOException {
  private static final long serialVersionUID = 1L;

  public RecordingException(String message) {
    super(message);
  }

  public RecordingException(String message, Throwable cause) {
    super(message, cause);
  }
}
