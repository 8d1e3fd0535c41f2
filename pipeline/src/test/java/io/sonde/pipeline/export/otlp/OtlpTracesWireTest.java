package io.sonde.pipeline.export.otlp;

import static io.sonde.pipeline.exchange.HttpExchanges.MS;
import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static io.sonde.pipeline.exchange.HttpExchanges.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.sonde.pipeline.PipelineConfig.SpanBatches;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.linking.Linker;
import io.sonde.pipeline.linking.Linkers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What crosses the wire, decoded by the protocol's own definition. */
class OtlpTracesWireTest {
  private static final long ARRIVED = 1_000_000_001_000_000_000L;

  private static ExportTraceServiceRequest exported(HttpExchange... exchanges) throws Exception {
    try (OtlpEndpoint endpoint = new OtlpEndpoint()) {
      try (OtlpTraces traces =
          new OtlpTraces(
              endpoint.config(), SpanBatches.DEFAULT, 100, new Account("export_traces"))) {
        Linker linker = Linkers.to(Duration.ofMillis(50), traces);
        for (HttpExchange exchange : exchanges) {
          linker.accept(exchange);
        }
      }
      ExportTraceServiceRequest.Builder all = ExportTraceServiceRequest.newBuilder();
      endpoint.traces().forEach(all::mergeFrom);
      return all.build();
    }
  }

  private static List<Span> spans(ExportTraceServiceRequest request) {
    return request.getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  private static Map<String, AnyValue> attributes(List<KeyValue> attributes) {
    return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
  }

  @Test
  void aServerSpanCarriesTheStableHttpAttributesAndTheTimesOfTheSocket() throws Exception {
    Span span =
        spans(exported(exchange().target("/cart", "id=7").sizes(-1, 5).queued(2 * MS).build()))
            .get(0);
    assertThat(span.getName()).isEqualTo("GET");
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(span.getTraceId().size()).isEqualTo(16);
    assertThat(span.getSpanId().size()).isEqualTo(8);
    assertThat(span.getParentSpanId().isEmpty()).isTrue();
    assertThat(span.getFlags() & 0xff).isEqualTo(1);
    assertThat(span.getStartTimeUnixNano()).isEqualTo(ARRIVED);
    assertThat(span.getEndTimeUnixNano()).isEqualTo(ARRIVED + 12 * MS);
    assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);

    Map<String, AnyValue> attributes = attributes(span.getAttributesList());
    assertThat(attributes.get("http.request.method").getStringValue()).isEqualTo("GET");
    assertThat(attributes.get("http.response.status_code").getIntValue()).isEqualTo(200);
    assertThat(attributes.get("url.path").getStringValue()).isEqualTo("/cart");
    assertThat(attributes.get("url.query").getStringValue()).isEqualTo("id=7");
    assertThat(attributes.get("server.address").getStringValue()).isEqualTo("shop.example");
    assertThat(attributes.get("server.port").getIntValue()).isEqualTo(8080);
    assertThat(attributes.get("http.response.body.size").getIntValue()).isEqualTo(5);
    assertThat(attributes).doesNotContainKeys("http.request.body.size", "http.route", "error.type");
  }

  @Test
  void aClientSpanThatFailedIsAnErrorWithItsWholeUrl() throws Exception {
    Span span =
        spans(
                exported(
                    exchange()
                        .role(Role.CLIENT)
                        .target("/a", "b=c")
                        .status(404, "404")
                        .queued(0)
                        .build()))
            .get(0);
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    Map<String, AnyValue> attributes = attributes(span.getAttributesList());
    assertThat(attributes.get("url.full").getStringValue())
        .isEqualTo("http://shop.example:8080/a?b=c");
    assertThat(attributes.get("error.type").getStringValue()).isEqualTo("404");
  }

  @Test
  void aRequestThatWaitedIsThreeSpansOfOneTrace() throws Exception {
    List<Span> spans = spans(exported(exchange().queued(90 * MS).build()));
    assertThat(spans).extracting(Span::getName).containsExactly("GET", "in queue", "processing");
    Span parent = spans.get(0);
    assertThat(spans).extracting(Span::getTraceId).containsOnly(parent.getTraceId());
    assertThat(spans).extracting(Span::getSpanId).doesNotHaveDuplicates();
    assertThat(spans.subList(1, 3))
        .allSatisfy(
            child -> {
              assertThat(child.getParentSpanId()).isEqualTo(parent.getSpanId());
              assertThat(child.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_INTERNAL);
            });
    assertThat(spans.get(1).getStartTimeUnixNano()).isEqualTo(parent.getStartTimeUnixNano());
    assertThat(spans.get(1).getEndTimeUnixNano()).isEqualTo(ARRIVED + 90 * MS);
    assertThat(spans.get(2).getStartTimeUnixNano()).isEqualTo(ARRIVED + 90 * MS);
    assertThat(spans.get(2).getEndTimeUnixNano()).isEqualTo(parent.getEndTimeUnixNano());
  }

  @Test
  void eachServiceIsOneResourceUnderTheScopeOfSonde() throws Exception {
    Service shop = service("shop", 1);
    Service bank = service("bank", 2);
    ExportTraceServiceRequest request =
        exported(
            exchange().by(shop).build(), exchange().by(bank).build(), exchange().by(shop).build());
    Map<String, Integer> spansOfService =
        request.getResourceSpansList().stream()
            .collect(
                Collectors.toMap(
                    resource ->
                        attributes(resource.getResource().getAttributesList())
                            .get("service.name")
                            .getStringValue(),
                    resource -> resource.getScopeSpans(0).getSpansCount()));
    assertThat(spansOfService).isEqualTo(Map.of("shop", 2, "bank", 1));
    assertThat(request.getResourceSpansList())
        .extracting(ResourceSpans::getScopeSpansList)
        .allSatisfy(
            scopes ->
                assertThat(scopes)
                    .singleElement()
                    .satisfies(
                        scope -> assertThat(scope.getScope().getName()).isEqualTo("io.sonde")));
  }
}
