package io.sonde.pipeline.protocol;

import io.sonde.pipeline.event.Role;

/** Values of {@code error.type} for exchanges whose answer did not come, or not whole. */
public enum FailureType {
  /** Client: the connection was reset before the answer was complete. */
  CONNECTION_RESET("connection_reset"),
  /** The server closed the connection before the answer was complete. */
  CONNECTION_CLOSED("connection_closed"),
  /** The client went away before the answer was complete. */
  CLIENT_DISCONNECTED("client_disconnected"),
  /** No answer had begun when {@code http_request_timeout} was over. */
  TIMEOUT("timeout");

  private final String value;

  FailureType(String value) {
    this.value = value;
  }

  public String value() {
    return value;
  }

  /**
   * @param role of the observed process
   * @param locally the observed host closed first
   */
  public static FailureType of(Role role, boolean reset, boolean locally) {
    if (locally == (role == Role.CLIENT)) {
      return CLIENT_DISCONNECTED;
    }
    return reset && role == Role.CLIENT ? CONNECTION_RESET : CONNECTION_CLOSED;
  }
}
