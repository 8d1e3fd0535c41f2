package io.sonde.pipeline.protocol.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request that waits longer than {@code http_request_timeout} for its answer to begin. */
class RequestTimeoutTest {
  private static final Duration LESS = SimulatedCapture.TIMEOUT.dividedBy(2);
  private static final Duration MORE = SimulatedCapture.TIMEOUT.multipliedBy(2);
  private static final String GET = "GET / HTTP/1.1\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final SimulatedCapture capture = new SimulatedCapture();
  private final SimulatedConnection server = capture.connect(Role.SERVER);

  @AfterEach
  void theAccountAddsUp() {
    assertThat(capture.addsUp()).isTrue();
  }

  @Test
  void itIsToldOnceWithoutAStatusAndTookAsLongAsItMightHave() {
    server.rx(GET);
    capture.stats(LESS);
    assertThat(capture.exchanges()).isEmpty();
    capture.stats(LESS).stats(MORE);

    assertThat(capture.exchanges()).hasSize(1);
    HttpExchange exchange = capture.exchanges().get(0);
    assertThat(exchange.errorType()).isEqualTo("timeout");
    assertThat(exchange.statusCode()).isZero();
    assertThat(exchange.timing().durationNs()).isEqualTo(SimulatedCapture.TIMEOUT.toNanos());
    assertThat(capture.open()).isZero();
  }

  @Test
  void itsAnswerIsStillItsOwnAndNotThatOfTheNext() {
    server.rx(GET);
    capture.stats(MORE);
    server
        .tx("HTTP/1.1 500 Late\r\nContent-Length: 0\r\n\r\n")
        .rx("GET /b HTTP/1.1\r\n\r\n")
        .tx(OK);

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/", "/b");
    assertThat(capture.exchanges()).extracting(HttpExchange::statusCode).containsExactly(0, 200);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void ofPipelinedRequestsEachIsToldOnceInTheirOrder() {
    server.rx(GET + "GET /b HTTP/1.1\r\n\r\n");
    capture.stats(MORE);
    server.tx(OK).close(false, false);

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/", "/b");
    assertThat(capture.exchanges()).allMatch(e -> e.errorType().equals("timeout"));
  }

  @Test
  void anAnswerThatHasBegunMayTakeItsTime() {
    server.rx(GET).tx("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
    capture.stats(MORE);
    server.tx("cd");

    assertThat(capture.exchanges()).extracting(HttpExchange::statusCode).containsExactly(200);
    assertThat(capture.exchanges().get(0).errorType()).isNull();
  }

  @Test
  void anInterimAnswerIsNone() {
    server.rx("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n").tx("HTTP/1.1 100 C\r\n\r\n").rx("ab");
    capture.stats(MORE);

    assertThat(capture.exchanges()).extracting(HttpExchange::errorType).containsExactly("timeout");
    assertThat(capture.exchanges().get(0).requestBodyBytes()).isEqualTo(2);
  }

  @Test
  void whatWasToldIsNotLostWithTheConnection() {
    server.rx(GET);
    capture.stats(MORE);
    server.lose(1).tx("x").rx("GET / HTTP/1.1\r\n\r\n").tx(OK);

    assertThat(capture.exchanges()).extracting(HttpExchange::statusCode).containsExactly(0, 200);
  }
}
