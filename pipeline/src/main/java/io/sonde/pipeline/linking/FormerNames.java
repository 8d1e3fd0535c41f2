package io.sonde.pipeline.linking;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.semconv.ClientAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.NetworkAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import io.sonde.pipeline.event.Role;
import java.util.Map;

/**
 * The names that HTTP attributes had before they became stable: semantic conventions 1.20, as the
 * "HTTP semantic convention stability migration" sets them beside the stable ones. For {@code
 * OTEL_SEMCONV_STABILITY_OPT_IN=http/dup}.
 */
public final class FormerNames {
  private static final AttributeKey<String> HTTP_METHOD = AttributeKey.stringKey("http.method");
  private static final AttributeKey<String> HTTP_TARGET = AttributeKey.stringKey("http.target");

  /** Stable name to former name, whatever the role. */
  private static final Map<String, String> RENAMED =
      Map.ofEntries(
          renamed(HttpAttributes.HTTP_REQUEST_METHOD, "http.method"),
          renamed(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, "http.status_code"),
          Map.entry("http.request.body.size", "http.request_content_length"),
          Map.entry("http.response.body.size", "http.response_content_length"),
          renamed(UrlAttributes.URL_SCHEME, "http.scheme"),
          renamed(UrlAttributes.URL_FULL, "http.url"),
          renamed(ClientAttributes.CLIENT_ADDRESS, "http.client_ip"),
          renamed(NetworkAttributes.NETWORK_PEER_ADDRESS, "net.sock.peer.addr"),
          renamed(NetworkAttributes.NETWORK_PEER_PORT, "net.sock.peer.port"),
          renamed(NetworkAttributes.NETWORK_PROTOCOL_VERSION, "net.protocol.version"));

  private FormerNames() {}

  private static Map.Entry<String, String> renamed(AttributeKey<?> stable, String former) {
    return Map.entry(stable.getKey(), former);
  }

  /** The former name of an attribute; the same where it has none or kept it. */
  static String of(Role role, String stable) {
    boolean server = role == Role.SERVER;
    if (stable.equals(ServerAttributes.SERVER_ADDRESS.getKey())) {
      return server ? "net.host.name" : "net.peer.name";
    }
    if (stable.equals(ServerAttributes.SERVER_PORT.getKey())) {
      return server ? "net.host.port" : "net.peer.port";
    }
    return RENAMED.getOrDefault(stable, stable);
  }

  /** Attributes of a metric by their former names. */
  public static Attributes of(Role role, Attributes stable) {
    AttributesBuilder former = Attributes.builder();
    rename(role, stable, former);
    return former.build();
  }

  /** The span of an HTTP exchange with its attributes by both names; another one as it is. */
  public static SpanData both(SpanData span) {
    Attributes stable = span.getAttributes();
    if (stable.get(HttpAttributes.HTTP_REQUEST_METHOD) == null) {
      return span;
    }
    Role role = span.getKind() == SpanKind.SERVER ? Role.SERVER : Role.CLIENT;
    AttributesBuilder both = stable.toBuilder();
    rename(role, stable, both);
    String original = stable.get(HttpAttributes.HTTP_REQUEST_METHOD_ORIGINAL);
    if (original != null) {
      both.put(HTTP_METHOD, original);
    }
    String path = stable.get(UrlAttributes.URL_PATH);
    if (path != null) {
      String query = stable.get(UrlAttributes.URL_QUERY);
      both.put(HTTP_TARGET, query == null ? path : path + "?" + query);
    }
    return new RenamedSpan(span, both.build());
  }

  @SuppressWarnings("unchecked") // key and value come together
  private static void rename(Role role, Attributes stable, AttributesBuilder into) {
    stable.forEach(
        (key, value) -> {
          String former = of(role, key.getKey());
          if (key.getType() == AttributeType.LONG) {
            into.put(AttributeKey.longKey(former), (Long) value);
          } else if (former.equals(key.getKey())) {
            into.put((AttributeKey<Object>) key, value);
          } else {
            into.put(AttributeKey.stringKey(former), (String) value);
          }
        });
  }
}
