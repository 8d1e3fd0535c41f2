package io.sonde.pipeline.linking;

import static io.sonde.pipeline.exchange.HttpExchanges.MS;
import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static io.sonde.pipeline.exchange.RpcExchanges.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.semconv.RpcAttributes;
import io.opentelemetry.semconv.incubating.RpcIncubatingAttributes;
import io.sonde.pipeline.Naming.Rpc;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.GrpcStatus;
import io.sonde.pipeline.exchange.RpcExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // the legacy names are what some of this is about
class RpcSpansTest {
  private static SpanData span(Exchange exchange) {
    List<SpanData> spans = new ArrayList<>();
    Linkers.to(
            Duration.ofSeconds(1),
            trace -> {
              Spans.of(trace, spans::add);
              return true;
            })
        .accept(exchange);
    return spans.get(0);
  }

  private static Map<String, Object> attributes(SpanData span) {
    Map<String, Object> map = new TreeMap<>();
    span.getAttributes().forEach((key, value) -> map.put(key.getKey(), value));
    return map;
  }

  @Test
  void aServerSpanFollowsTheConventions() {
    SpanData span = span(call().messages(1, 7).build());
    assertThat(span.getName()).isEqualTo("shop.Cart/Add");
    assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(10 * MS);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(attributes(span))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("rpc.system.name", "grpc"),
                Map.entry("rpc.method", "shop.Cart/Add"),
                Map.entry("rpc.response.status_code", "OK"),
                Map.entry("server.address", "shop.example"),
                Map.entry("server.port", 50051L),
                Map.entry("client.address", "10.0.0.9"),
                Map.entry("client.port", 45424L),
                Map.entry("network.peer.address", "10.0.0.9"),
                Map.entry("network.peer.port", 45424L),
                Map.entry("network.protocol.version", "2"),
                Map.entry("user_agent.original", "grpc-go/1.80.0"),
                Map.entry("sonde.rpc.request.messages", 1L),
                Map.entry("sonde.rpc.response.messages", 7L),
                Map.entry("sonde.rpc.request.size", 40L),
                Map.entry("sonde.rpc.response.size", 70L)));
  }

  @Test
  void theServerIsNotToBlameForEveryStatus() {
    assertThat(span(call().status(5).build()).getStatus().getStatusCode())
        .isEqualTo(StatusCode.UNSET);
    assertThat(span(call().role(Role.CLIENT).status(5).build()).getStatus().getStatusCode())
        .isEqualTo(StatusCode.ERROR);
    assertThat(attributes(span(call().status(GrpcStatus.INTERNAL).build())))
        .containsEntry("error.type", "INTERNAL")
        .containsEntry("rpc.response.status_code", "INTERNAL");
  }

  @Test
  void ofWhatIsNotKnownNothingIsGuessed() {
    SpanData span = span(call().method(null).status(GrpcStatus.NONE).messages(-1, -1).build());
    assertThat(span.getName()).isEqualTo("grpc");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(attributes(span))
        .containsEntry("rpc.method", "unknown")
        .doesNotContainKeys("rpc.response.status_code", "sonde.rpc.request.messages", "error.type");
  }

  @Test
  void aMethodBeyondTheBudgetIsStillInItsSpan() {
    RpcExchange folded = call().build().named("grpc", Set.of());
    SpanData span = span(folded);
    assertThat(span.getName()).isEqualTo("grpc");
    assertThat(attributes(span))
        .containsEntry("rpc.method", "_OTHER")
        .containsEntry("rpc.method_original", "shop.Cart/Add");
  }

  @Test
  void theNamesAreThoseOfTheConventions() {
    SpanData made = span(call().status(5).build());
    assertThat(RpcNaming.of(Set.of(Rpc.RC), made)).isSameAs(made);
    assertThat(made.getAttributes().get(RpcIncubatingAttributes.RPC_RESPONSE_STATUS_CODE))
        .isEqualTo("NOT_FOUND");

    SpanData stable = RpcNaming.of(Set.of(Rpc.STABLE), made);
    assertThat(stable.getAttributes().get(RpcAttributes.RPC_STATUS_CODE)).isEqualTo("NOT_FOUND");
    assertThat(attributes(stable))
        .containsKey("rpc.system.name")
        .doesNotContainKey("rpc.response.status_code");

    SpanData legacy = RpcNaming.of(Set.of(Rpc.LEGACY), made);
    assertThat(legacy.getAttributes().get(RpcIncubatingAttributes.RPC_GRPC_STATUS_CODE))
        .isEqualTo(5);
    assertThat(legacy.getAttributes().get(RpcIncubatingAttributes.RPC_SYSTEM)).isEqualTo("grpc");
    assertThat(attributes(legacy))
        .containsKey("rpc.method")
        .doesNotContainKeys("rpc.system.name", "rpc.response.status_code", "rpc.status_code");
    assertThat(legacy.getTotalAttributeCount()).isEqualTo(legacy.getAttributes().size());

    assertThat(attributes(RpcNaming.of(Set.of(Rpc.values()), made)))
        .containsKeys(
            "rpc.system",
            "rpc.system.name",
            "rpc.grpc.status_code",
            "rpc.response.status_code",
            "rpc.status_code");
  }

  @Test
  void theNamesOfOneKindOfSpanAreNothingToTheOther() {
    SpanData http = span(exchange().build());
    assertThat(RpcNaming.of(Set.of(Rpc.LEGACY), http)).isSameAs(http);
    SpanData rpc = span(call().build());
    assertThat(FormerNames.both(rpc)).isSameAs(rpc);
  }
}
