package io.sonde.pipeline.protocol;

import io.sonde.pipeline.protocol.http1.Http1Protocol;
import io.sonde.pipeline.protocol.http2.Http2Protocol;
import java.util.List;
import java.util.Set;

/** The protocols that are understood. */
public final class Protocols {
  private Protocols() {}

  /**
   * Fresh instances for one capture, asked in this order.
   *
   * @param sensitiveQueryParameters of URLs, whose values are not told
   */
  public static List<Protocol> create(Set<String> sensitiveQueryParameters) {
    Http2Protocol http2 = new Http2Protocol(sensitiveQueryParameters);
    return List.of(new Http1Protocol(sensitiveQueryParameters, http2), http2);
  }
}
