package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.protocol.Budget;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.Detection;
import io.sonde.pipeline.protocol.Flow;
import io.sonde.pipeline.protocol.ProtocolDecoder;
import io.sonde.pipeline.protocol.Query;
import io.sonde.pipeline.protocol.StringCache;
import io.sonde.pipeline.protocol.UpgradeTarget;
import io.sonde.pipeline.protocol.UpgradedRequest;
import io.sonde.pipeline.protocol.http2.hpack.HpackDecoder;
import java.util.Set;

/** HTTP/2, and gRPC on it. */
public final class Http2Protocol implements UpgradeTarget {
  static final String NAME = "http2";

  /** Of all connections of a capture together; a stream takes some 300 bytes and its fields. */
  static final int MAX_OPEN_STREAMS = 65_536;

  // Shared by the decoders of all connections of the capture.
  final Budget budget = new Budget(Budget.HEADS);
  final Budget openFields = new Budget(Budget.OPEN_FIELDS);
  final HpackDecoder.Scratch scratch = new HpackDecoder.Scratch(new StringCache());
  final Fields fields = new Fields();
  final Authority authority = new Authority();
  final Query query;
  int openStreams;

  private final FrameHeader header = new FrameHeader();

  /**
   * @param sensitiveQueryParameters whose values are not told
   */
  public Http2Protocol(Set<String> sensitiveQueryParameters) {
    query = new Query(sensitiveQueryParameters);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean multiplexes() {
    return true;
  }

  /**
   * A client begins with the preface, a server with SETTINGS (RFC 9113 §3.4). On a connection that
   * was joined later, frames tell.
   */
  @Override
  public Detection detect(Flow flow, boolean atStart, byte[] data, int offset, int length) {
    if (flow == Flow.REQUESTS && length > 0 && data[offset] == FirstFrame.PREFACE[0]) {
      return FirstFrame.detectPreface(data, offset, offset + length);
    }
    if (atStart) {
      return flow == Flow.ANSWERS
          ? FirstFrame.detectSettings(header, data, offset, offset + length)
          : Detection.NO;
    }
    return switch (FirstFrame.judge(header, data, offset, offset + length)) {
      case NO -> Detection.NO;
      case NEED_MORE -> Detection.NEED_MORE;
      case OF_EITHER -> Detection.EITHER_FLOW;
      case OF_CLIENT -> flow == Flow.REQUESTS ? Detection.YES : Detection.NO;
      case OF_SERVER -> flow == Flow.ANSWERS ? Detection.YES : Detection.NO;
    };
  }

  @Override
  public ProtocolDecoder upgraded(
      ConnectionContext connection, UpgradedRequest request, boolean told) {
    return new Http2Decoder(connection, this, false).upgradedFrom(request, told);
  }

  @Override
  public ProtocolDecoder decoder(ConnectionContext connection, boolean midstream) {
    return new Http2Decoder(connection, this, midstream);
  }
}
