package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.GrpcStatus;
import io.sonde.pipeline.protocol.FailureType;
import io.sonde.pipeline.protocol.Flow;

/**
 * Why a stream ended before its answer was complete.
 *
 * @param errorType of an HTTP exchange
 * @param ofConnection the whole connection is gone, which is no status of gRPC
 * @param resetCode of RST_STREAM; {@link #NO_RESET} when it was not that
 */
record Failure(String errorType, boolean ofConnection, long resetCode) {
  static final long NO_RESET = -2;

  /** The server has said that it did not act upon it (RFC 9113 §6.8). */
  static final Failure REFUSED = new Failure("refused", false, Code.REFUSED_STREAM.ordinal());

  static final Failure TIMEOUT = new Failure(FailureType.TIMEOUT.value(), false, NO_RESET);

  /** RFC 9113 §7, by number. */
  private enum Code {
    NO_ERROR,
    PROTOCOL_ERROR,
    INTERNAL_ERROR,
    FLOW_CONTROL_ERROR,
    SETTINGS_TIMEOUT,
    STREAM_CLOSED,
    FRAME_SIZE_ERROR,
    REFUSED_STREAM,
    CANCEL,
    COMPRESSION_ERROR,
    CONNECT_ERROR,
    ENHANCE_YOUR_CALM,
    INADEQUATE_SECURITY,
    HTTP_1_1_REQUIRED;

    private static final Code[] ALL = values();
    private final String label = name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Of a code that is in no registry, or was not captured. */
  private static final String UNNAMED = "stream_reset";

  static Failure ofConnection(FailureType type) {
    return new Failure(type.value(), true, NO_RESET);
  }

  /**
   * @param flow on which RST_STREAM came
   * @param code unsigned; -1 not known
   */
  static Failure ofReset(Flow flow, long code) {
    return new Failure(label(flow, code), false, code);
  }

  /** A client that does not want the answer any more says CANCEL; some say NO_ERROR. */
  private static String label(Flow flow, long code) {
    boolean cancels = code == Code.CANCEL.ordinal() || code == Code.NO_ERROR.ordinal();
    if (flow == Flow.REQUESTS && cancels) {
      return FailureType.CLIENT_DISCONNECTED.value();
    }
    return code >= 0 && code < Code.ALL.length ? Code.ALL[(int) code].label : UNNAMED;
  }

  /**
   * @param timedOut the time that the call was given was over by then
   */
  int grpcStatus(Role role, boolean timedOut) {
    if (ofConnection) {
      return role == Role.CLIENT ? GrpcStatus.UNAVAILABLE : GrpcStatus.NONE;
    }
    return resetCode < 0 ? GrpcStatus.NONE : GrpcStatus.ofReset((int) resetCode, timedOut);
  }
}
