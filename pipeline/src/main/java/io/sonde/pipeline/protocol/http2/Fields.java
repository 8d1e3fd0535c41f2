package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.protocol.http2.hpack.FieldName;
import io.sonde.pipeline.protocol.http2.hpack.FieldSink;

/** The fields of one header block; used again for each. */
final class Fields implements FieldSink {
  // As for HTTP/1: longer values are of no use to anyone, and memory to an attacker.
  private static final int MAX_CONTENT_TYPE = 256;
  private static final int MAX_TRACE_PARENT = 256;
  private static final int MAX_TRACE_STATE = 1024;

  String method;
  String scheme;
  String authority;
  String path;
  String status;
  String protocol;
  String host;
  String userAgent;
  String contentType;
  String grpcStatus;
  String grpcTimeout;
  private int traceParents;
  private String traceParent;
  private String traceState;
  private boolean traceStateSpoilt;

  /** There were fields that are not known: what is missing here may have been one of them. */
  boolean incomplete;

  Fields reset() {
    method = scheme = authority = path = status = protocol = null;
    host = userAgent = contentType = grpcStatus = grpcTimeout = null;
    traceParents = 0;
    traceParent = traceState = null;
    traceStateSpoilt = incomplete = false;
    return this;
  }

  /** Nothing is known of them. */
  Fields lost() {
    reset().incomplete = true;
    return this;
  }

  @Override
  public void field(FieldName name, String value) {
    switch (name) {
      case AUTHORITY -> authority = known(value);
      case METHOD -> method = known(value);
      case PATH -> path = known(value);
      case SCHEME -> scheme = known(value);
      case STATUS -> status = known(value);
      case PROTOCOL -> protocol = known(value);
      case HOST -> host = known(value);
      case USER_AGENT -> userAgent = value;
      case CONTENT_TYPE -> contentType = shorter(value, MAX_CONTENT_TYPE);
      case TRACE_PARENT -> {
        traceParents++;
        traceParent = shorter(value, MAX_TRACE_PARENT);
      }
      case TRACE_STATE -> traceState(value);
      case GRPC_STATUS -> grpcStatus = known(value);
      case GRPC_TIMEOUT -> grpcTimeout = known(value);
      case OTHER -> {}
      case UNKNOWN -> incomplete = true;
    }
  }

  /** Null when there is none, or several. */
  String traceParent() {
    return traceParents == 1 ? traceParent : null;
  }

  String traceState() {
    return traceState;
  }

  /** Characters of all that may be kept of them. */
  int length() {
    return length(method)
        + length(scheme)
        + length(authority == null ? host : authority)
        + length(path)
        + length(protocol)
        + length(userAgent)
        + length(contentType)
        + length(traceParent)
        + length(traceState);
  }

  private static int length(String value) {
    return value == null ? 0 : value.length();
  }

  private String known(String value) {
    incomplete |= value == null;
    return value;
  }

  private static String shorter(String value, int max) {
    return value == null || value.isEmpty() || value.length() > max ? null : value;
  }

  /** RFC 9110 §5.3: several fields are one list. One that cannot be taken spoils all of it. */
  private void traceState(String value) {
    int before = traceState == null ? 0 : traceState.length() + 1;
    if (traceStateSpoilt || value == null || before + value.length() > MAX_TRACE_STATE) {
      traceStateSpoilt = true;
      traceState = null;
    } else {
      traceState = traceState == null ? value : traceState + ',' + value;
    }
  }
}
