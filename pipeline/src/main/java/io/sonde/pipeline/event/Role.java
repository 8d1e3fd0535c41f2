package io.sonde.pipeline.event;

/** Which side of a connection the observed process is on. */
public enum Role {
  /** Older than the capture: the first bytes decide. */
  UNKNOWN,
  SERVER,
  CLIENT
}
