package io.sonde.pipeline.event;

/** Seen from the observed process: received or transmitted. */
public enum Direction {
  RX,
  TX
}
