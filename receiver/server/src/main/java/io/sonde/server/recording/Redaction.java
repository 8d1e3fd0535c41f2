package io.sonde.server.recording;

import io.sonde.contract.v1.CaptureMessage;

/** What a capture's messages pass through, in order, before they are recorded. */
@FunctionalInterface
public interface Redaction {
  /** Everything is recorded as it came. */
  Redaction NONE = message -> message;

  CaptureMessage apply(CaptureMessage message);
}
