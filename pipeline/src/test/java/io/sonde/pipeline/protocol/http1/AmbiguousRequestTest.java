package io.sonde.pipeline.protocol.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests of which two readers may see the end in different places (RFC 9112 §11.2). What is
 * hidden in them is never told as a request; that there was such a one, and its answer, is.
 */
class AmbiguousRequestTest {
  private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final String REFUSED = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final SimulatedCapture capture = new SimulatedCapture();
  private final SimulatedConnection server = capture.connect(Role.SERVER);

  @AfterEach
  void theAccountAddsUp() {
    assertThat(capture.addsUp()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 0~Transfer-Encoding: chunked~~0~~",
        "Transfer-Encoding: chunked~Content-Length: 40~~0~~",
        "Content-Length: 0~Content-Length: 40~~",
        "Content-Length: 0, 40~~",
        "Content-Length: +0~~",
        "Content-Length: 0x0~~",
        "Content-Length: 0 0~~",
        "Content-Length: -1~~",
        "Content-Length:~~",
        "Content-Length: 99999999999999999999~~",
        "Content-Length : 0~~",
        "Transfer-Encoding : chunked~~0~~",
        "Transfer-Encoding: xchunked~~0~~",
        "Transfer-Encoding: chunked, identity~~0~~",
        "Transfer-Encoding: chunked~Transfer-Encoding: identity~~0~~",
        "Transfer-Encoding: chunked, chunked~~0~~",
        "Transfer-Encoding: identity~~",
        "Transfer-Encoding:\u000bchunked~~0~~",
        "X: y\rTransfer-Encoding: chunked~~0~~",
        "X: y\u0000~~",
        " Content-Length: 40~~",
        "X: y~ folded~~",
        "Content-Length:~ 0~~",
        "Transfer-Encoding: chunked~~0\n\n",
        "Transfer-Encoding: chunked~~0x0~~~",
        "Transfer-Encoding: chunked~~ 0~~~",
        "Transfer-Encoding: chunked~~+0~~~",
        "Transfer-Encoding: chunked~~0 0~~~",
        "Transfer-Encoding: chunked~~0;x\n~~",
        "Transfer-Encoding: chunked~~1~aa~0~~",
        "Transfer-Encoding: chunked~~fffffffffffffff~~",
      })
  void itsAnswerIsToldAndWhatIsHiddenIsNot(String rest) {
    String request = "POST /front HTTP/1.1\r\nHost: h\r\n" + rest.replace("~", "\r\n");
    server.rx(request + HIDDEN).tx(REFUSED);

    assertThat(capture.exchanges()).hasSize(1);
    assertThat(capture.exchanges().get(0).path()).isEqualTo("/front");
    assertThat(capture.exchanges().get(0).statusCode()).isEqualTo(400);
    assertThat(capture.exchanges().get(0).requestBodyBytes()).isEqualTo(-1);
    assertThat(capture.lost(LossCause.AMBIGUOUS_FRAMING)).isEqualTo(1);
    assertThat(capture.lost()).isEqualTo(1);
  }

  @Test
  void aTransferCodingInHttp10IsAmbiguous() {
    server.rx("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN);
    server.tx(REFUSED);

    assertThat(capture.exchanges()).hasSize(1);
    assertThat(capture.lost(LossCause.AMBIGUOUS_FRAMING)).isEqualTo(1);
  }

  @Test
  void theNextTurnOfTheClientIsBelievedAgain() {
    server.rx("POST /a HTTP/1.1\r\nContent-Length : 0\r\n\r\n").tx(OK);
    server.rx("GET /b HTTP/1.1\r\n\r\n").tx(OK);

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/a", "/b");
  }

  @Test
  void aSecondAnswerShowsThatOneWasHiddenAndNothingIsPairedAfterIt() {
    server.rx("POST /a HTTP/1.1\r\nContent-Length : 0\r\n\r\n" + HIDDEN).tx(OK).tx(OK);
    server.rx("GET /b HTTP/1.1\r\n\r\n").tx(OK);

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/a");
    assertThat(capture.lost(LossCause.ANSWER_WITHOUT_REQUEST)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 2~Content-Length: 2~~ab",
        "Content-Length: 2, 2~~ab",
        "Transfer-Encoding: gzip~Transfer-Encoding: chunked~~2~ab~0~~",
        "Transfer-Encoding: , chunked,~~2;x=\"y;z\"~ab~0~T: v~~",
        "transfer-encoding:CHUNKED~~02 ; x ~ab~000~~",
        "X : y~Content-Length: 2~~ab",
      })
  void whatAllReadersSeeTheSameIsNot(String rest) {
    server.rx("POST /a HTTP/1.1\r\n" + rest.replace("~", "\r\n") + "GET /b HTTP/1.1\n\n");
    server.tx(OK + OK);

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/a", "/b");
    assertThat(capture.exchanges().get(0).requestBodyBytes()).isEqualTo(2);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void anAnswerWhoseFramingIsDubiousEndsWithItsTurnAndItsSizeIsNotGuessed() {
    for (String framing :
        new String[] {
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n 3\r\n\r\nabc",
          "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nabc",
          "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        }) {
      server.rx("GET /a HTTP/1.1\r\n\r\n").tx(framing);
      server.rx("GET /b HTTP/1.1\r\n\r\n").tx(OK);
    }
    assertThat(capture.exchanges())
        .extracting(HttpExchange::path)
        .containsExactly("/a", "/b", "/a", "/b", "/a", "/b");
    assertThat(capture.exchanges())
        .extracting(HttpExchange::responseBodyBytes)
        .containsExactly(-1L, 2L, -1L, 2L, -1L, 2L);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void severalHostsAreNone() {
    server.rx("GET / HTTP/1.1\r\nHost: a:1\r\nHost: b:2\r\n\r\n").tx(REFUSED);

    assertThat(capture.exchanges().get(0).serverAddress()).isEqualTo("127.0.0.1");
    assertThat(capture.exchanges().get(0).serverPort()).isEqualTo(8080);
  }
}
