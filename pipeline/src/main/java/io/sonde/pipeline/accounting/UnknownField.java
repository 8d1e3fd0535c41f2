package io.sonde.pipeline.accounting;

/** What is told as not known, because it was said by reference to what nobody had listened to. */
public enum UnknownField {
  HTTP2_METHOD("http2", "method"),
  HTTP2_PATH("http2", "path"),
  HTTP2_STATUS("http2", "status"),
  GRPC_METHOD("grpc", "method"),
  GRPC_STATUS("grpc", "status");

  private final String protocol;
  private final String field;

  UnknownField(String protocol, String field) {
    this.protocol = protocol;
    this.field = field;
  }

  /** As in metric labels. */
  public String protocol() {
    return protocol;
  }

  /** As in metric labels. */
  public String field() {
    return field;
  }
}
