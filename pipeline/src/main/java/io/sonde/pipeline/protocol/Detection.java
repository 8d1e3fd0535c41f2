package io.sonde.pipeline.protocol;

/** Whether first bytes belong to a protocol; never a score. */
public enum Detection {
  YES,
  /** They do, and nothing was sent before them on their flow. */
  FIRST,
  NO,
  /** They do; but if it is not known already which side sends them, they do not tell. */
  EITHER_FLOW,
  /** What is there could still become either. */
  NEED_MORE
}
