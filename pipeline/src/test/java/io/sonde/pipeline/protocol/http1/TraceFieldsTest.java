package io.sonde.pipeline.protocol.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import org.junit.jupiter.api.Test;

/** The fields of a request that others judge: handed on as they were sent, or not at all. */
class TraceFieldsTest {
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Test
  void aRequestsTraceContextAndContentTypeAreHandedOnAsSent() {
    HttpExchange exchange =
        request(
            "TraceParent: " + PARENT + " ",
            "tracestate: a=1,\tb=2",
            "Content-Type: application/x-protobuf; v=1");

    assertThat(exchange.traceParent()).isEqualTo(PARENT);
    assertThat(exchange.traceState()).isEqualTo("a=1,\tb=2");
    assertThat(exchange.requestContentType()).isEqualTo("application/x-protobuf; v=1");
  }

  @Test
  void whatWasNotSentIsNull() {
    HttpExchange exchange = request("Accept: */*");

    assertThat(exchange.traceParent()).isNull();
    assertThat(exchange.traceState()).isNull();
    assertThat(exchange.requestContentType()).isNull();
  }

  @Test
  void severalTraceParentsAreNone() {
    assertThat(request("traceparent: " + PARENT, "traceparent: " + PARENT).traceParent()).isNull();
  }

  @Test
  void severalTraceStatesAreOneListInTheirOrder() {
    assertThat(request("tracestate: a=1", "X: y", "Tracestate: b=2,c=3").traceState())
        .isEqualTo("a=1,b=2,c=3");
  }

  @Test
  void valuesLongerThanTheirBoundAreLeftOut() {
    assertThat(request("traceparent: " + "0".repeat(257)).traceParent()).isNull();
    assertThat(request("content-type: " + "a".repeat(257)).requestContentType()).isNull();
    String half = "tracestate: a=" + "1".repeat(520);
    assertThat(request(half).traceState()).hasSize(522);
    assertThat(request(half, half, "tracestate: b=1").traceState()).isNull();
  }

  @Test
  void valuesWithControlCharactersAreLeftOut() {
    HttpExchange exchange =
        request("traceparent: 0\u0001", "tracestate: \u001b[1m", "tracestate: a");

    assertThat(exchange.traceParent()).isNull();
    assertThat(exchange.traceState()).isNull();
  }

  private static HttpExchange request(String... fields) {
    SimulatedCapture capture = new SimulatedCapture();
    String head = "GET / HTTP/1.1\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
    capture.connect(Role.SERVER).rx(head).tx("HTTP/1.1 204 No Content\r\n\r\n");
    return capture.exchanges().get(0);
  }
}
