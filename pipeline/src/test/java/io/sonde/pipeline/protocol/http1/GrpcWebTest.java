package io.sonde.pipeline.protocol.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.GrpcStatus;
import io.sonde.pipeline.exchange.RpcExchange;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** gRPC-Web as browsers, and proxies before servers of gRPC, speak it over HTTP/1.1. */
class GrpcWebTest {
  private static final String TYPE = "application/grpc-web+proto";

  private final SimulatedCapture capture = new SimulatedCapture();

  private static String frame(int flags, String content) {
    int n = content.length();
    return new String(new byte[] {(byte) flags, 0, 0, (byte) (n >> 8), (byte) n}, ISO_8859_1)
        + content;
  }

  private static String request(String type, String body) {
    return "POST /shop.Cart/Add HTTP/1.1\r\nHost: shop.example:8080\r\nContent-Type: "
        + type
        + "\r\nX-Grpc-Web: 1\r\nUser-Agent: grpc-web/1.5\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static String chunked(String type, String... chunks) {
    StringBuilder answer =
        new StringBuilder("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n")
            .append("Transfer-Encoding: chunked\r\n\r\n");
    for (String chunk : chunks) {
      answer
          .append(Integer.toHexString(chunk.length()))
          .append("\r\n")
          .append(chunk)
          .append("\r\n");
    }
    return answer.append("0\r\n\r\n").toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private RpcExchange told(Role role, String request, String answer) {
    SimulatedConnection connection = capture.connect(role);
    if (role == Role.SERVER) {
      connection.rx(bytes(request)).tx(bytes(answer));
    } else {
      connection.tx(bytes(request)).rx(bytes(answer));
    }
    assertThat(capture.exchanges()).isEmpty();
    return capture.calls().get(capture.calls().size() - 1);
  }

  @Test
  void aCallIsToldByItsMessagesAndTrailers() {
    RpcExchange call =
        told(
            Role.SERVER,
            request(TYPE, frame(0, "abc")),
            chunked(TYPE, frame(0, "1234") + frame(0, "56"), frame(0x80, "grpc-status:0\r\n")));

    assertThat(call.system()).isEqualTo("grpc");
    assertThat(call.method()).isEqualTo("shop.Cart/Add");
    assertThat(call.statusCode()).isZero();
    assertThat(call.protocolVersion()).isEqualTo("1.1");
    assertThat(call.serverAddress()).isEqualTo("shop.example");
    assertThat(call.serverPort()).isEqualTo(8080);
    assertThat(call.userAgent()).isEqualTo("grpc-web/1.5");
    assertThat(call.requestMessages()).isEqualTo(1);
    assertThat(call.requestBytes()).isEqualTo(3);
    assertThat(call.responseMessages()).isEqualTo(2);
    assertThat(call.responseBytes()).isEqualTo(6);
    assertThat(call.errorType()).isNull();
  }

  @Test
  void itsStatusIsAnErrorByTheRulesOfItsRole() {
    String answer = chunked(TYPE, frame(0x80, "grpc-status:5\r\n"));
    RpcExchange client = told(Role.CLIENT, request(TYPE, frame(0, "a")), answer);
    assertThat(client.errorType()).isEqualTo("NOT_FOUND");
    assertThat(client.responseMessages()).isZero();
    assertThat(told(Role.SERVER, request(TYPE, frame(0, "a")), answer).errorType()).isNull();
  }

  @Test
  void inBase64Too() {
    String type = "application/grpc-web-text";
    Base64.Encoder encoder = Base64.getEncoder();
    RpcExchange call =
        told(
            Role.SERVER,
            request(type, encoder.encodeToString(bytes(frame(0, "abc")))),
            chunked(
                type,
                encoder.encodeToString(bytes(frame(0, "1234"))),
                encoder.encodeToString(bytes(frame(0x80, "grpc-status:13\r\n")))));
    assertThat(call.statusCode()).isEqualTo(GrpcStatus.INTERNAL);
    assertThat(call.errorType()).isEqualTo("INTERNAL");
    assertThat(call.requestBytes()).isEqualTo(3);
    assertThat(call.responseMessages()).isEqualTo(1);
  }

  @Test
  void anAnswerWithoutABodyTellsTheStatusInItsHead() {
    RpcExchange call =
        told(
            Role.CLIENT,
            request(TYPE, frame(0, "a")),
            "HTTP/1.1 200 OK\r\nContent-Type: "
                + TYPE
                + "\r\ngrpc-status: 16\r\ngrpc-message: who?\r\nContent-Length: 0\r\n\r\n");
    assertThat(call.statusCode()).isEqualTo(GrpcStatus.UNAUTHENTICATED);
  }

  @Test
  void anAnswerThatIsNotGrpcStandsForAStatus() {
    RpcExchange call =
        told(
            Role.CLIENT,
            request(TYPE, frame(0, "a")),
            "HTTP/1.1 503 Busy\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nbusy");
    assertThat(call.statusCode()).isEqualTo(GrpcStatus.UNAVAILABLE);
    assertThat(call.responseMessages()).isZero();
  }

  @Test
  void whereTheBodyWasNotSeenToItsEndTheStatusIsNotKnown() {
    String answer =
        "HTTP/1.1 200 OK\r\nContent-Type: " + TYPE + "\r\nContent-Length: 100000\r\n\r\n";
    capture
        .connect(Role.SERVER)
        .rx(bytes(request(TYPE, frame(0, "a"))))
        .tx(bytes(answer + frame(0, "1234")))
        .sendfile(100_000 - 9);

    assertThat(capture.calls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.method()).isEqualTo("shop.Cart/Add");
              assertThat(call.statusCode()).isEqualTo(GrpcStatus.NONE);
              assertThat(call.responseMessages()).isEqualTo(-1);
              assertThat(call.responseBytes()).isEqualTo(-1);
              assertThat(call.requestMessages()).isEqualTo(1);
              assertThat(call.errorType()).isNull();
            });
  }

  @Test
  void whoseConnectionBreaksIsUnavailableToItsClient() {
    capture.connect(Role.CLIENT).tx(bytes(request(TYPE, frame(0, "a")))).close(true, false);
    RpcExchange call = capture.calls().get(0);
    assertThat(call.statusCode()).isEqualTo(GrpcStatus.UNAVAILABLE);
    assertThat(call.errorType()).isEqualTo("connection_reset");
  }

  @Test
  void severalCallsOnAConnectionAreEachTheirOwn() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    for (int status : new int[] {0, 5, 14}) {
      connection
          .rx(bytes(request(TYPE, frame(0, "a"))))
          .tx(bytes(chunked(TYPE, frame(0, "b"), frame(0x80, "grpc-status:" + status))));
    }
    assertThat(capture.calls())
        .extracting(RpcExchange::statusCode, RpcExchange::requestMessages)
        .containsExactly(tuple(0, 1L), tuple(5, 1L), tuple(14, 1L));
  }

  @Test
  void whatOnlyAsksWhetherItMayCallIsHttp() {
    capture
        .connect(Role.SERVER)
        .rx("OPTIONS /shop.Cart/Add HTTP/1.1\r\nHost: a\r\nOrigin: b\r\n\r\n")
        .tx("HTTP/1.1 204 No Content\r\n\r\n");
    assertThat(capture.exchanges()).hasSize(1);
    assertThat(capture.calls()).isEmpty();
  }
}
