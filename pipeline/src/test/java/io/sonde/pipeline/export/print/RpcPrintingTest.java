package io.sonde.pipeline.export.print;

import static io.sonde.pipeline.exchange.RpcExchanges.call;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.GrpcStatus;
import io.sonde.pipeline.exchange.RpcExchange;
import io.sonde.pipeline.linking.Linkers;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RpcPrintingTest {
  private static String print(TraceFormat format, RpcExchange rpc) {
    StringBuilder out = new StringBuilder();
    Linkers.to(
            Duration.ofSeconds(1),
            trace -> {
              format.write(trace, out);
              return true;
            })
        .accept(rpc);
    return out.toString();
  }

  private static Map<String, String> fields(RpcExchange rpc) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser json = new JsonFactory().createParser(print(new JsonFormat(false), rpc))) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token.isScalarValue()) {
          fields.put(json.currentName(), json.getText());
        }
      }
    }
    return fields;
  }

  @Test
  void theTextLineHasTheMethodWhereAPathWouldBe() {
    assertThat(print(new TextFormat(), call().build()))
        .contains(
            " (10ms[10ms]) GRPC(subType=0) 0 /shop.Cart/Add(shop.Cart/Add)"
                + " [10.0.0.9 as 10.0.0.9:45424]->[127.0.0.1 as shop:50051]"
                + " contentLen:40B responseLen:70B svc=[shop go] traceparent=[00-")
        .doesNotContain("error=");
    assertThat(print(new TextFormat(), call().role(Role.CLIENT).status(14).build()))
        .contains("GRPCClient(subType=0) 14 /shop.Cart/Add(")
        .contains("->[10.0.0.9 as shop.example:50051]")
        .endsWith("error=[UNAVAILABLE]\n");
  }

  @Test
  void whatIsNotKnownIsAQuestionMark() {
    assertThat(print(new TextFormat(), call().method(null).status(GrpcStatus.NONE).build()))
        .contains(" GRPC(subType=0) ? unknown(unknown) [");
  }

  @Test
  void aHostileMethodCannotReachTheTerminal() {
    assertThat(print(new TextFormat(), call().method("a\u001b[2J/B\n").build()))
        .contains("/a\\x1b[2J/B\\x0a(")
        .hasLineCount(1);
  }

  @Test
  void jsonHasBeylasFields() throws IOException {
    assertThat(fields(call().messages(3, -1).build()))
        .containsEntry("type", "GRPC")
        .containsEntry("kind", "SERVER")
        .containsEntry("method", "shop.Cart/Add")
        .containsEntry("status", "0")
        .containsEntry("requestMessages", "3")
        .containsEntry("contentLen", "40")
        .containsEntry("responseLen", "70")
        .containsEntry("clientAddr", "10.0.0.9")
        .containsEntry("serverPort", "50051")
        .doesNotContainKeys("responseMessages", "errorType", "url", "route");
    assertThat(fields(call().role(Role.CLIENT).status(GrpcStatus.NONE).build()))
        .containsEntry("type", "GRPCClient")
        .containsEntry("hostName", "shop.example")
        .doesNotContainKeys("status", "clientAddr");
  }
}
