package io.sonde.pipeline.linking;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.semconv.ClientAttributes;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.NetworkAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import io.opentelemetry.semconv.UserAgentAttributes;
import io.sonde.pipeline.event.IpText;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import java.net.InetSocketAddress;

/** Attributes of HTTP by the stable semantic conventions (HTTP spans, 1.41). */
final class HttpSpans {

  private static final String OTHER = "_OTHER";
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  // still experimental, so not among the constants of opentelemetry-semconv
  private static final AttributeKey<Long> REQUEST_BODY_SIZE =
      AttributeKey.longKey("http.request.body.size");
  private static final AttributeKey<Long> RESPONSE_BODY_SIZE =
      AttributeKey.longKey("http.response.body.size");

  private HttpSpans() {}

  static Attributes attributes(HttpExchange http) {
    AttributesBuilder attributes = Attributes.builder();
    if (http.hasKnownMethod()) {
      attributes.put(HttpAttributes.HTTP_REQUEST_METHOD, http.method());
    } else {
      attributes.put(HttpAttributes.HTTP_REQUEST_METHOD, OTHER);
      if (!OTHER.equals(http.method())) { // else it is one that is not known
        attributes.put(HttpAttributes.HTTP_REQUEST_METHOD_ORIGINAL, http.method());
      }
    }
    if (http.statusCode() > 0) {
      attributes.put(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, (long) http.statusCode());
    }
    InetSocketAddress peer = http.connection().remote();
    attributes.put(ServerAttributes.SERVER_ADDRESS, http.serverAddress());
    attributes.put(ServerAttributes.SERVER_PORT, (long) http.serverPort());
    attributes.put(NetworkAttributes.NETWORK_PEER_ADDRESS, IpText.of(peer.getAddress()));
    attributes.put(NetworkAttributes.NETWORK_PEER_PORT, (long) peer.getPort());
    attributes.put(NetworkAttributes.NETWORK_PROTOCOL_VERSION, http.protocolVersion());
    if (http.role() == Role.SERVER) {
      attributes.put(UrlAttributes.URL_SCHEME, http.scheme());
      attributes.put(UrlAttributes.URL_PATH, http.path().isEmpty() ? null : http.path());
      attributes.put(UrlAttributes.URL_QUERY, http.query());
      attributes.put(ClientAttributes.CLIENT_ADDRESS, IpText.of(peer.getAddress()));
      attributes.put(ClientAttributes.CLIENT_PORT, (long) peer.getPort());
    } else {
      attributes.put(UrlAttributes.URL_FULL, fullUrl(http));
    }
    attributes.put(HttpAttributes.HTTP_ROUTE, http.route());
    attributes.put(UserAgentAttributes.USER_AGENT_ORIGINAL, http.userAgent());
    attributes.put(ErrorAttributes.ERROR_TYPE, http.errorType());
    if (http.truncated()) {
      attributes.put(Spans.TRUNCATED, true);
    }
    if (http.requestBodyBytes() >= 0) {
      attributes.put(REQUEST_BODY_SIZE, http.requestBodyBytes());
    }
    if (http.responseBodyBytes() >= 0) {
      attributes.put(RESPONSE_BODY_SIZE, http.responseBodyBytes());
    }
    return attributes.build();
  }

  private static String fullUrl(HttpExchange http) {
    StringBuilder url = new StringBuilder(http.scheme()).append("://");
    boolean v6 = http.serverAddress().indexOf(':') >= 0 && !http.serverAddress().startsWith("[");
    url.append(v6 ? "[" : "").append(http.serverAddress()).append(v6 ? "]" : "");
    if (http.serverPort() != ("https".equals(http.scheme()) ? HTTPS_PORT : HTTP_PORT)) {
      url.append(':').append(http.serverPort());
    }
    url.append(http.path());
    if (http.query() != null) {
      url.append('?').append(http.query());
    }
    return url.toString();
  }
}
