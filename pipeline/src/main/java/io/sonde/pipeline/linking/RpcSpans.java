package io.sonde.pipeline.linking;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.semconv.ClientAttributes;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.NetworkAttributes;
import io.opentelemetry.semconv.RpcAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.opentelemetry.semconv.UserAgentAttributes;
import io.sonde.pipeline.event.IpText;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.GrpcStatus;
import io.sonde.pipeline.exchange.RpcExchange;
import java.net.InetSocketAddress;

/**
 * Attributes of RPC by the semantic conventions (RPC spans, 1.41), with the names that {@link
 * RpcNaming} takes.
 */
final class RpcSpans {
  // The conventions have no names for these; sizes are of messages as transferred.
  private static final AttributeKey<Long> REQUEST_MESSAGES =
      AttributeKey.longKey("sonde.rpc.request.messages");
  private static final AttributeKey<Long> RESPONSE_MESSAGES =
      AttributeKey.longKey("sonde.rpc.response.messages");
  private static final AttributeKey<Long> REQUEST_SIZE =
      AttributeKey.longKey("sonde.rpc.request.size");
  private static final AttributeKey<Long> RESPONSE_SIZE =
      AttributeKey.longKey("sonde.rpc.response.size");

  private RpcSpans() {}

  static Attributes attributes(RpcExchange rpc) {
    AttributesBuilder attributes = Attributes.builder();
    String method = rpc.methodLabel();
    attributes.put(RpcAttributes.RPC_SYSTEM_NAME, rpc.system());
    attributes.put(RpcAttributes.RPC_METHOD, method);
    if (method.equals(RpcExchange.OTHER_METHOD)) {
      attributes.put(RpcAttributes.RPC_METHOD_ORIGINAL, rpc.method());
    }
    attributes.put(RpcNaming.STATUS_CODE, GrpcStatus.name(rpc.statusCode()));
    InetSocketAddress peer = rpc.connection().remote();
    attributes.put(ServerAttributes.SERVER_ADDRESS, rpc.serverAddress());
    attributes.put(ServerAttributes.SERVER_PORT, (long) rpc.serverPort());
    attributes.put(NetworkAttributes.NETWORK_PEER_ADDRESS, IpText.of(peer.getAddress()));
    attributes.put(NetworkAttributes.NETWORK_PEER_PORT, (long) peer.getPort());
    attributes.put(NetworkAttributes.NETWORK_PROTOCOL_VERSION, rpc.protocolVersion());
    if (rpc.role() == Role.SERVER) {
      attributes.put(ClientAttributes.CLIENT_ADDRESS, IpText.of(peer.getAddress()));
      attributes.put(ClientAttributes.CLIENT_PORT, (long) peer.getPort());
    }
    attributes.put(UserAgentAttributes.USER_AGENT_ORIGINAL, rpc.userAgent());
    attributes.put(ErrorAttributes.ERROR_TYPE, rpc.errorType());
    if (rpc.truncated()) {
      attributes.put(Spans.TRUNCATED, true);
    }
    putKnown(attributes, REQUEST_MESSAGES, rpc.requestMessages());
    putKnown(attributes, RESPONSE_MESSAGES, rpc.responseMessages());
    putKnown(attributes, REQUEST_SIZE, rpc.requestBytes());
    putKnown(attributes, RESPONSE_SIZE, rpc.responseBytes());
    return attributes.build();
  }

  private static void putKnown(AttributesBuilder attributes, AttributeKey<Long> key, long value) {
    if (value >= 0) {
      attributes.put(key, value);
    }
  }
}
