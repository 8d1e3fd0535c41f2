package io.sonde.pipeline.protocol;

import io.sonde.pipeline.event.Direction;
import io.sonde.pipeline.event.Role;

/** One of the two byte streams of a connection, by what it carries. */
public enum Flow {
  REQUESTS,
  ANSWERS;

  /**
   * @param role SERVER or CLIENT
   */
  public static Flow of(Role role, Direction direction) {
    return (role == Role.SERVER) == (direction == Direction.RX) ? REQUESTS : ANSWERS;
  }

  /** The role of a process that moves this flow in that direction. */
  public Role role(Direction direction) {
    return (this == REQUESTS) == (direction == Direction.RX) ? Role.SERVER : Role.CLIENT;
  }
}
