package io.sonde.pipeline.protocol;

/** Whether first bytes belong to a protocol; never a score. */
public enum Detection {
  YES,
  NO,
  /** What is there could still become either. */
  NEED_MORE
}
