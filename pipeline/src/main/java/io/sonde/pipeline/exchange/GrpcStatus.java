package io.sonde.pipeline.exchange;

import io.sonde.pipeline.event.Role;
import java.util.List;

/**
 * Status codes of gRPC (grpc/doc/statuscodes.md), their names, and what else on the wire stands for
 * one.
 */
public final class GrpcStatus {
  /** Not known, or none came. */
  public static final int NONE = -1;

  public static final int OK = 0;
  public static final int CANCELLED = 1;
  public static final int UNKNOWN = 2;
  public static final int DEADLINE_EXCEEDED = 4;
  public static final int PERMISSION_DENIED = 7;
  public static final int RESOURCE_EXHAUSTED = 8;
  public static final int UNIMPLEMENTED = 12;
  public static final int INTERNAL = 13;
  public static final int UNAVAILABLE = 14;
  public static final int DATA_LOSS = 15;
  public static final int UNAUTHENTICATED = 16;

  private static final int MAX = 16;

  /** By code. */
  private static final List<String> NAMES =
      List.of(
          "OK",
          "CANCELLED",
          "UNKNOWN",
          "INVALID_ARGUMENT",
          "DEADLINE_EXCEEDED",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "PERMISSION_DENIED",
          "RESOURCE_EXHAUSTED",
          "FAILED_PRECONDITION",
          "ABORTED",
          "OUT_OF_RANGE",
          "UNIMPLEMENTED",
          "INTERNAL",
          "UNAVAILABLE",
          "DATA_LOSS",
          "UNAUTHENTICATED");

  private GrpcStatus() {}

  /**
   * As the semantic conventions write it.
   *
   * @return null for {@link #NONE}
   */
  public static String name(int code) {
    return code == NONE ? null : NAMES.get(code);
  }

  /** The other way round. */
  public static int ofName(String name) {
    return NAMES.indexOf(name);
  }

  /**
   * Of a value of {@code grpc-status} (grpc/doc/PROTOCOL-HTTP2.md, "Status"): decimal digits. A
   * code that is not defined is one that a client reads as UNKNOWN; so is what is no number.
   */
  public static int parse(CharSequence value) {
    int code = 0;
    for (int i = 0; i < value.length() && code <= MAX; i++) {
      int digit = value.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return UNKNOWN;
      }
      code = code * 10 + digit;
    }
    return value.isEmpty() || code > MAX ? UNKNOWN : code;
  }

  /**
   * Of an answer of HTTP without {@code grpc-status} (grpc/doc/http-grpc-status-mapping.md); 200
   * too is one that a client reads as UNKNOWN.
   *
   * @param httpStatus of the final answer
   */
  public static int ofHttp(int httpStatus) {
    return switch (httpStatus) {
      case 400 -> INTERNAL;
      case 401 -> UNAUTHENTICATED;
      case 403 -> PERMISSION_DENIED;
      case 404 -> UNIMPLEMENTED;
      case 429, 502, 503, 504 -> UNAVAILABLE;
      default -> UNKNOWN;
    };
  }

  /**
   * Of a stream that was reset before its status (grpc/doc/PROTOCOL-HTTP2.md, "Errors").
   *
   * @param errorCode of RST_STREAM (RFC 9113 §7), unsigned
   * @param timedOut whether the time that {@code grpc-timeout} gave the call was over by then: a
   *     client cancels a call for that, too
   */
  public static int ofReset(int errorCode, boolean timedOut) {
    return switch (errorCode) {
      case 0x7 -> UNAVAILABLE; // REFUSED_STREAM
      case 0x8 -> timedOut ? DEADLINE_EXCEEDED : CANCELLED; // CANCEL
      case 0xb -> RESOURCE_EXHAUSTED; // ENHANCE_YOUR_CALM
      case 0xc -> PERMISSION_DENIED; // INADEQUATE_SECURITY
      case 0x0, 0x1, 0x2, 0x3, 0x4, 0x6, 0x9, 0xa, 0xd -> INTERNAL;
      default -> UNKNOWN; // STREAM_CLOSED has no mapping
    };
  }

  /**
   * Whether the call failed in the eyes of that role (semantic conventions, "gRPC: Status"): the
   * server is not to blame for what only its client did.
   */
  public static boolean isError(Role role, int code) {
    if (role == Role.CLIENT) {
      return code > OK;
    }
    return switch (code) {
      case UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS -> true;
      default -> false;
    };
  }

  /** Value of {@code error.type}: the name of a status that is an error, else null. */
  public static String errorType(Role role, int code) {
    return isError(role, code) ? name(code) : null;
  }
}
