package io.sonde.pipeline.export.otlp;

import io.sonde.pipeline.accounting.ExporterStatus.State;
import java.time.Instant;

/** Where the export of one signal stands. Written by its sender, read by anybody. */
final class ExportState {
  /** See {@link io.sonde.pipeline.accounting.ExporterStatus}. */
  record Standing(State state, Instant since, String message) {}

  private volatile Standing now = new Standing(State.STARTING, Instant.now(), "");

  void become(State state, String message) {
    Standing before = now;
    if (before.state() != state) {
      now = new Standing(state, Instant.now(), message);
    } else if (!before.message().equals(message)) {
      now = new Standing(state, before.since(), message);
    }
  }

  Standing now() {
    return now;
  }

  boolean isParked() {
    return now.state() == State.PARKED;
  }
}
