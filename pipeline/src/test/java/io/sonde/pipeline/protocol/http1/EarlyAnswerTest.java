package io.sonde.pipeline.protocol.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that writes and reads in two threads: the answer is told ahead of its request. */
class EarlyAnswerTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final SimulatedCapture capture = new SimulatedCapture();
  private final SimulatedConnection client = capture.connect(Role.CLIENT);

  /** So that it is known to be HTTP. */
  private void exchangeFirst() {
    client.tx("GET /first HTTP/1.1\r\n\r\n").rx(OK);
  }

  @AfterEach
  void theAccountAddsUp() {
    assertThat(capture.addsUp()).isTrue();
  }

  @Test
  void itIsPairedAtOnceWithARequestWhoseHeadIsCut() {
    exchangeFirst();
    capture.budgets(30, 4096);
    client.rx(OK).tx("GET /cut HTTP/1.1\r\nX: " + "y".repeat(100) + "\r\n\r\n");

    assertThat(capture.open()).isZero();
    assertThat(capture.exchanges())
        .extracting(HttpExchange::path)
        .containsExactly("/first", "/cut");
    assertThat(capture.lost()).isZero();
  }

  @Test
  void itIsPairedWithARequestWhoseHeadEndsWithTheConnection() {
    exchangeFirst();
    client.rx(OK).tx("GET /cut HTTP/1.1\r\nX: y").close();

    assertThat(capture.exchanges()).extracting(HttpExchange::statusCode).containsExactly(200, 200);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void itMayLeadToHttp2AsTheConnectionCloses() {
    exchangeFirst();
    client.rx("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n");
    client.tx("GET /h2 HTTP/1.1\r\nUpgrade: h2c\r\nX: y").close();

    assertThat(capture.open()).isZero();
    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/first", "/h2");
  }

  @Test
  void itIsNobodysWhereNoRequestFollows() {
    exchangeFirst();
    client.rx(OK).tx("\u0001\u0002");
    client.rx(OK).tx("GET /next HTTP/1.1\r\n\r\n").rx(OK);

    assertThat(capture.lost(LossCause.ANSWER_WITHOUT_REQUEST)).isEqualTo(1);
    assertThat(capture.lost(LossCause.MALFORMED_MESSAGE)).isEqualTo(1);
  }
}
