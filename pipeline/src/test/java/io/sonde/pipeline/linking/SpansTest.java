package io.sonde.pipeline.linking;

import static io.sonde.pipeline.exchange.HttpExchanges.MS;
import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.HttpExchanges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpansTest {
  private static List<SpanData> spans(HttpExchange exchange) {
    List<SpanData> spans = new ArrayList<>();
    Linkers.to(
            Duration.ofMillis(1),
            trace -> {
              Spans.of(trace, spans::add);
              return true;
            })
        .accept(exchange);
    return spans;
  }

  private static Map<String, Object> attributes(SpanData span) {
    Map<String, Object> map = new TreeMap<>();
    span.getAttributes().forEach((key, value) -> map.put(key.getKey(), value));
    return map;
  }

  @Test
  void aServerSpanFollowsTheConventions() {
    SpanData span = spans(exchange().target("/a", "b=1").queued(0).build()).get(0);
    assertThat(span.getName()).isEqualTo("GET");
    assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(span.getStartEpochNanos()).isEqualTo(1_000_000_001_000_000_000L);
    assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(10 * MS);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(attributes(span))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("http.request.method", "GET"),
                Map.entry("http.response.status_code", 200L),
                Map.entry("url.scheme", "http"),
                Map.entry("url.path", "/a"),
                Map.entry("url.query", "b=1"),
                Map.entry("server.address", "shop.example"),
                Map.entry("server.port", 8080L),
                Map.entry("client.address", "10.0.0.9"),
                Map.entry("client.port", 45424L),
                Map.entry("network.peer.address", "10.0.0.9"),
                Map.entry("network.peer.port", 45424L),
                Map.entry("network.protocol.version", "1.1"),
                Map.entry("user_agent.original", "curl/8"),
                Map.entry("http.request.body.size", 0L),
                Map.entry("http.response.body.size", 5L)));
  }

  @Test
  void aClientSpanHasTheFullUrlAndNoQueue() {
    List<SpanData> spans =
        spans(exchange().role(Role.CLIENT).target("/a", "b=1").queued(50 * MS).build());
    assertThat(spans).hasSize(1);
    assertThat(spans.get(0).getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(attributes(spans.get(0)))
        .containsEntry("url.full", "http://shop.example:8080/a?b=1")
        .doesNotContainKeys("url.path", "client.address");
  }

  @ParameterizedTest
  @CsvSource({
    "http, 80, http://shop.example/a",
    "http, 443, http://shop.example:443/a",
    "https, 443, https://shop.example/a",
    "https, 80, https://shop.example:80/a",
    "https, 8443, https://shop.example:8443/a",
  })
  void aFullUrlNamesThePortUnlessItIsTheSchemesOwn(String scheme, int port, String url) {
    SpanData span =
        spans(exchange().role(Role.CLIENT).to(scheme, port).target("/a", null).build()).get(0);
    assertThat(attributes(span)).containsEntry("url.full", url);
  }

  @Test
  void anUnknownSizeOrStatusIsLeftOut() {
    SpanData span = spans(exchange().sizes(-1, -1).status(0, "connection_closed").build()).get(0);
    assertThat(attributes(span))
        .doesNotContainKeys(
            "http.request.body.size", "http.response.body.size", "http.response.status_code")
        .containsEntry("error.type", "connection_closed");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
  }

  @Test
  void whatWasCutIsMarked() {
    AttributeKey<Boolean> truncated = AttributeKey.booleanKey("sonde.truncated");

    assertThat(spans(exchange().pathCut().build()).get(0).getAttributes().get(truncated)).isTrue();
    assertThat(spans(exchange().build()).get(0).getAttributes().get(truncated)).isNull();
  }

  @Test
  void clientsCannotInventSpanNames() {
    SpanData span = spans(exchange().method("FROBNICATE").build()).get(0);
    assertThat(span.getName()).isEqualTo("HTTP");
    assertThat(attributes(span))
        .containsEntry("http.request.method", "_OTHER")
        .containsEntry("http.request.method_original", "FROBNICATE");
  }

  @Test
  void aRequestThatWaitedHasChildrenThatCoverIt() {
    List<SpanData> spans = spans(exchange().queued(30 * MS).build());
    assertThat(spans)
        .extracting(SpanData::getName)
        .containsExactly("GET", "in queue", "processing");
    SpanData parent = spans.get(0);
    SpanData queue = spans.get(1);
    SpanData processing = spans.get(2);
    assertThat(queue.getKind()).isEqualTo(SpanKind.INTERNAL);
    assertThat(List.of(queue, processing))
        .allMatch(span -> span.getParentSpanId().equals(parent.getSpanId()))
        .allMatch(span -> span.getTraceId().equals(parent.getTraceId()));
    assertThat(queue.getStartEpochNanos()).isEqualTo(parent.getStartEpochNanos());
    assertThat(queue.getEndEpochNanos()).isEqualTo(processing.getStartEpochNanos());
    assertThat(processing.getEndEpochNanos()).isEqualTo(parent.getEndEpochNanos());
  }

  @Test
  void aRequestReadAtOnceHasNone() {
    assertThat(spans(exchange().queued(MS - 1).build())).hasSize(1);
  }

  @Test
  void idsDiffer() {
    List<SpanData> all = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      all.addAll(spans(HttpExchanges.exchange().queued(30 * MS).build()));
    }
    assertThat(all.stream().map(SpanData::getSpanId).distinct()).hasSize(3000);
    assertThat(all.stream().map(SpanData::getTraceId).distinct()).hasSize(1000);
    assertThat(all)
        .allMatch(span -> span.getSpanContext().isValid() && span.getSpanContext().isSampled());
    assertThat(all.get(0).getAttributes().get(AttributeKey.stringKey("http.request.method")))
        .isEqualTo("GET");
  }
}
