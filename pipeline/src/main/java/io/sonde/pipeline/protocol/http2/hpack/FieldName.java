package io.sonde.pipeline.protocol.http2.hpack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/** The fields whose values are of use here, and two names for all others. */
public enum FieldName {
  AUTHORITY(":authority"),
  METHOD(":method"),
  PATH(":path"),
  SCHEME(":scheme"),
  STATUS(":status"),
  /** RFC 8441 §4: what an extended CONNECT leads to. */
  PROTOCOL(":protocol"),
  HOST("host"),
  USER_AGENT("user-agent"),
  CONTENT_TYPE("content-type"),
  TRACE_PARENT("traceparent"),
  TRACE_STATE("tracestate"),
  GRPC_STATUS("grpc-status"),
  GRPC_TIMEOUT("grpc-timeout"),
  /** Known, and none of the above. */
  OTHER(""),
  /** By a reference to an entry that was made when nobody listened: it may be any of them. */
  UNKNOWN("");

  private static final FieldName[] ALL = values();

  private final byte[] bytes;

  FieldName(String name) {
    bytes = name.getBytes(US_ASCII);
  }

  /** Never {@link #UNKNOWN}. */
  static FieldName of(byte[] data, int from, int to) {
    int length = to - from;
    for (FieldName name : ALL) {
      if (name.bytes.length == length && Arrays.equals(data, from, to, name.bytes, 0, length)) {
        return name;
      }
    }
    return OTHER;
  }

  static FieldName of(String name) {
    byte[] bytes = name.getBytes(US_ASCII);
    return of(bytes, 0, bytes.length);
  }

  /** Whether its value is kept. */
  boolean matters() {
    return this != OTHER && this != UNKNOWN;
  }
}
