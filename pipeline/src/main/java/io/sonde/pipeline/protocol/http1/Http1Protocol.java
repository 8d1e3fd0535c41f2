package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.protocol.Budget;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.Detection;
import io.sonde.pipeline.protocol.Flow;
import io.sonde.pipeline.protocol.Protocol;
import io.sonde.pipeline.protocol.ProtocolDecoder;
import io.sonde.pipeline.protocol.Query;
import io.sonde.pipeline.protocol.StringCache;
import io.sonde.pipeline.protocol.UpgradeTarget;
import java.util.Set;

/** HTTP/1.0 and HTTP/1.1. */
public final class Http1Protocol implements Protocol {
  static final String NAME = "http1";

  // Shared by the decoders of all connections of the capture.
  final Budget budget = new Budget(Budget.HEADS);
  final Budget openFields = new Budget(Budget.OPEN_FIELDS);
  final StatusHead statusHead = new StatusHead();
  final RequestHead requestHead;
  final UpgradeTarget http2;

  /**
   * @param sensitiveQueryParameters whose values are not told
   * @param http2 that a connection may go on with
   */
  public Http1Protocol(Set<String> sensitiveQueryParameters, UpgradeTarget http2) {
    this.http2 = http2;
    requestHead = new RequestHead(new StringCache(), new Query(sensitiveQueryParameters));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean multiplexes() {
    return false;
  }

  @Override
  public Detection detect(Flow flow, boolean atStart, byte[] data, int offset, int length) {
    return flow == Flow.REQUESTS
        ? StartLine.detectRequest(atStart, data, offset, offset + length)
        : StartLine.detectStatus(data, offset, offset + length);
  }

  @Override
  public ProtocolDecoder decoder(ConnectionContext connection, boolean midstream) {
    return new Http1Decoder(connection, this, midstream);
  }
}
