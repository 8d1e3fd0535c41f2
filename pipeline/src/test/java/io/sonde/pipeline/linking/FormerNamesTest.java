package io.sonde.pipeline.linking;

import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.semconv.ClientAttributes;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.NetworkAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import io.opentelemetry.semconv.UserAgentAttributes;
import io.opentelemetry.semconv.incubating.HttpIncubatingAttributes;
import io.opentelemetry.semconv.incubating.NetIncubatingAttributes;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The constants of opentelemetry-semconv say what the names are and were. */
@SuppressWarnings("deprecation") // that they are is what this is about
class FormerNamesTest {
  static List<Arguments> names() {
    return List.of(
        Arguments.of(
            Role.SERVER, HttpAttributes.HTTP_REQUEST_METHOD, HttpIncubatingAttributes.HTTP_METHOD),
        Arguments.of(
            Role.SERVER,
            HttpAttributes.HTTP_RESPONSE_STATUS_CODE,
            HttpIncubatingAttributes.HTTP_STATUS_CODE),
        Arguments.of(
            Role.SERVER,
            HttpIncubatingAttributes.HTTP_REQUEST_BODY_SIZE,
            HttpIncubatingAttributes.HTTP_REQUEST_CONTENT_LENGTH),
        Arguments.of(
            Role.SERVER,
            HttpIncubatingAttributes.HTTP_RESPONSE_BODY_SIZE,
            HttpIncubatingAttributes.HTTP_RESPONSE_CONTENT_LENGTH),
        Arguments.of(Role.SERVER, UrlAttributes.URL_SCHEME, HttpIncubatingAttributes.HTTP_SCHEME),
        Arguments.of(Role.CLIENT, UrlAttributes.URL_FULL, HttpIncubatingAttributes.HTTP_URL),
        Arguments.of(
            Role.SERVER, ClientAttributes.CLIENT_ADDRESS, HttpIncubatingAttributes.HTTP_CLIENT_IP),
        Arguments.of(
            Role.SERVER, ServerAttributes.SERVER_ADDRESS, NetIncubatingAttributes.NET_HOST_NAME),
        Arguments.of(
            Role.SERVER, ServerAttributes.SERVER_PORT, NetIncubatingAttributes.NET_HOST_PORT),
        Arguments.of(
            Role.CLIENT, ServerAttributes.SERVER_ADDRESS, NetIncubatingAttributes.NET_PEER_NAME),
        Arguments.of(
            Role.CLIENT, ServerAttributes.SERVER_PORT, NetIncubatingAttributes.NET_PEER_PORT),
        Arguments.of(
            Role.CLIENT,
            NetworkAttributes.NETWORK_PEER_ADDRESS,
            NetIncubatingAttributes.NET_SOCK_PEER_ADDR),
        Arguments.of(
            Role.CLIENT,
            NetworkAttributes.NETWORK_PEER_PORT,
            NetIncubatingAttributes.NET_SOCK_PEER_PORT),
        Arguments.of(
            Role.SERVER,
            NetworkAttributes.NETWORK_PROTOCOL_VERSION,
            NetIncubatingAttributes.NET_PROTOCOL_VERSION),
        Arguments.of(Role.SERVER, HttpAttributes.HTTP_ROUTE, HttpAttributes.HTTP_ROUTE),
        Arguments.of(Role.SERVER, ErrorAttributes.ERROR_TYPE, ErrorAttributes.ERROR_TYPE),
        Arguments.of(
            Role.SERVER,
            UserAgentAttributes.USER_AGENT_ORIGINAL,
            UserAgentAttributes.USER_AGENT_ORIGINAL));
  }

  @ParameterizedTest
  @MethodSource("names")
  void eachStableNameHadThisOneBefore(Role role, AttributeKey<?> stable, AttributeKey<?> former) {
    assertThat(FormerNames.of(role, stable.getKey())).isEqualTo(former.getKey());
    assertThat(stable.getType()).isEqualTo(former.getType());
  }

  private static SpanData both(HttpExchange exchange) {
    List<SpanData> spans = new ArrayList<>();
    Linkers.to(
            Duration.ofSeconds(1),
            trace -> {
              Spans.of(trace, span -> spans.add(FormerNames.both(span)));
              return true;
            })
        .accept(exchange);
    assertThat(spans).hasSize(1);
    return spans.get(0);
  }

  @Test
  void aSpanHasItsAttributesByBothNames() {
    SpanData span = both(exchange().method("BREW").sizes(3, 70).build());
    assertThat(span.getAttributes().get(HttpAttributes.HTTP_REQUEST_METHOD)).isEqualTo("_OTHER");
    assertThat(span.getAttributes().get(HttpIncubatingAttributes.HTTP_METHOD))
        .as("as it was sent, which the old conventions did not forbid")
        .isEqualTo("BREW");
    assertThat(span.getAttributes().get(HttpIncubatingAttributes.HTTP_STATUS_CODE))
        .isEqualTo(span.getAttributes().get(HttpAttributes.HTTP_RESPONSE_STATUS_CODE))
        .isNotNull();
    assertThat(span.getAttributes().get(HttpIncubatingAttributes.HTTP_TARGET))
        .startsWith(span.getAttributes().get(UrlAttributes.URL_PATH));
    assertThat(span.getAttributes().get(HttpIncubatingAttributes.HTTP_RESPONSE_CONTENT_LENGTH))
        .isEqualTo(70);
    assertThat(span.getTotalAttributeCount()).isEqualTo(span.getAttributes().size());
  }
}
