package io.sonde.pipeline.protocol.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Most bytes of a body are never captured: the default budgets are 4096 and 1024 bytes a turn. */
class Http1GapTest {
  private static final String GET = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

  private final SimulatedCapture capture = new SimulatedCapture();
  private final SimulatedConnection server = capture.connect(Role.SERVER);

  @AfterEach
  void theAccountAddsUp() {
    assertThat(capture.addsUp()).isTrue();
  }

  @Test
  void aFileSentByTheKernelCountsThoughNoneOfItsBytesCouldBeCaptured() {
    server.rx(GET).tx("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    server.sendfile(400_000);
    assertThat(capture.exchanges()).isEmpty();
    server.sendfile(600_000);

    HttpExchange exchange = only();
    assertThat(exchange.responseBodyBytes()).isEqualTo(1_000_000);
    assertThat(exchange.errorType()).isNull();
    assertThat(exchange.timing().endedNs() - exchange.timing().startedNs()).isEqualTo(3000);
  }

  @Test
  void aLargeAnswerIsCompleteWithTheNextRequestAtTheLatest() {
    server.rx(GET).tx("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + "x".repeat(5000));
    server.rx(GET).tx("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");

    assertThat(capture.exchanges())
        .extracting(HttpExchange::statusCode, HttpExchange::responseBodyBytes)
        .containsExactly(tuple(200, 5000L), tuple(404, 0L));
    assertThat(capture.exchanges().get(0).timing().endedNs())
        .as("the partly captured write ended it")
        .isEqualTo(capture.exchanges().get(0).timing().startedNs() + 1000);
  }

  @Test
  void aLargeUploadCountsEveryByteOfItsBody() {
    server.rx("POST /u HTTP/1.1\r\nHost: h\r\nContent-Length: 9000\r\n\r\n" + "x".repeat(6000));
    server.rx("x".repeat(3000)).tx("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");

    assertThat(only().requestBodyBytes()).isEqualTo(9000);
  }

  @Test
  void anUploadAnsweredEarlyIsOneExchangeWithTheBytesReadSoFar() {
    server.rx("POST /u HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(500));
    server.tx("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
    assertThat(only().requestBodyBytes()).isEqualTo(500);

    server.rx("x".repeat(99_500)).rx(GET).tx("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    server.rx(GET).tx("HTTP/1.1 202 OK\r\nContent-Length: 0\r\n\r\n");

    // The second request lay behind the budget of the turn that ended the upload.
    assertThat(capture.lost(LossCause.HEAD_NOT_CAPTURED)).isEqualTo(1);
    assertThat(capture.exchanges()).extracting(HttpExchange::statusCode).containsExactly(413, 202);
  }

  @Test
  void chunksWhoseFramingIsInAGapEndWithTheTailOfTheLast() {
    String chunk = "400\r\n" + "x".repeat(1024) + "\r\n";
    server.rx(GET).tx("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk);
    server.tx(chunk).tx(chunk).summary();
    assertThat(capture.exchanges()).isEmpty();

    server.tx(chunk + "0\r\n\r\n").summary();

    assertThat(only().responseBodyBytes()).isEqualTo(-1);
    assertThat(only().timing().endedNs() - only().timing().startedNs()).isEqualTo(5000);
  }

  @Test
  void chunksWithoutATellingTailEndWhenTheNextRequestComes() {
    server.rx(GET).tx("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    server.tx("800\r\n" + "x".repeat(2048) + "\r\n").tx("0\r\nExpires: never\r\n\r\n").summary();
    assertThat(capture.exchanges()).isEmpty();

    server.rx(GET);

    assertThat(only().timing().endedNs() - only().timing().startedNs()).isEqualTo(3000);
    assertThat(capture.open()).isEqualTo(1);
  }

  @Test
  void aBodyThatLooksLikeALastChunkInTheMiddleDoesNotEndAContentLength() {
    server.rx(GET).tx("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + "x".repeat(2000));
    server.tx("\r\n0\r\n\r\n").summary();
    assertThat(capture.exchanges()).isEmpty();
    server.tx("x".repeat(9000 - 2007)).summary();
    assertThat(only().responseBodyBytes()).isEqualTo(9000);
  }

  @Test
  void anAnswerWithoutACapturedHeadIsCountedAndTheNextIsPairedRightly() {
    server.rx(GET).sendfile(3000);
    server.rx("GET /b HTTP/1.1\r\n\r\n").tx("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

    assertThat(capture.lost(LossCause.HEAD_NOT_CAPTURED)).isEqualTo(1);
    assertThat(only().path()).isEqualTo("/b");
  }

  @Test
  void aRequestHeadLongerThanTheBudgetIsReportedAsFarAsItIsKnown() {
    String cookie = "Cookie: " + "c".repeat(6000) + "\r\n";
    server.rx("GET /long?q=1 HTTP/1.1\r\nHost: example.org:81\r\n" + cookie + "X: y\r\n\r\n");
    server.tx("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    HttpExchange exchange = only();
    assertThat(exchange.truncated()).isTrue();
    assertThat(exchange.path()).isEqualTo("/long");
    assertThat(exchange.serverAddress()).isEqualTo("example.org");
    assertThat(exchange.serverPort()).isEqualTo(81);
    assertThat(exchange.requestBodyBytes()).isEqualTo(-1);

    server.rx("GET /next HTTP/1.1\r\n\r\n").tx("HTTP/1.1 204 No Content\r\n\r\n");
    assertThat(capture.exchanges().get(1).path()).isEqualTo("/next");
    assertThat(capture.lost()).isZero();
  }

  @Test
  void aTargetLongerThanTheBudgetIsCutNotInvented() {
    server.rx("GET /" + "p".repeat(5000) + " HTTP/1.0\r\n\r\n");
    server.tx("HTTP/1.1 414 URI Too Long\r\nContent-Length: 0\r\n\r\n");

    assertThat(only().truncated()).isTrue();
    assertThat(only().path()).hasSize(4096 - "GET ".length()).startsWith("/ppp");
    assertThat(only().protocolVersion()).as("as the answer says").isEqualTo("1.1");
  }

  @Test
  void anAnswerHeadLongerThanTheBudgetEndsAtTheTurnOfTheConversation() {
    String head = "HTTP/1.1 302 Found\r\nContent-Length: 3\r\nX: " + "c".repeat(2000) + "\r\n\r\n";
    server.rx(GET).tx(head).tx("abc").summary();
    assertThat(capture.exchanges()).isEmpty();

    server.rx(GET).tx("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

    assertThat(capture.exchanges()).hasSize(2);
    HttpExchange cut = capture.exchanges().get(0);
    assertThat(cut.truncated()).isTrue();
    assertThat(cut.responseBodyBytes()).isEqualTo(3);
    assertThat(cut.timing().endedNs() - cut.timing().startedNs()).isEqualTo(2000);
    assertThat(capture.exchanges().get(1).truncated()).isFalse();
  }

  @Test
  void pipelinedRequestsBeyondTheBudgetAreCountedAndTheConnectionIsNotTrustedAgain() {
    String twenty = ("GET /p HTTP/1.1\r\nX: " + "x".repeat(300) + "\r\n\r\n").repeat(20);
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    server.rx(twenty).tx(answer.repeat(20));
    server.rx(GET).tx(answer);

    assertThat(capture.exchanges().size() + capture.lost()).isGreaterThanOrEqualTo(13);
    assertThat(capture.exchanges()).noneMatch(exchange -> exchange.path().equals("/a"));
    assertThat(capture.lost(LossCause.ANSWER_WITHOUT_REQUEST)).isEqualTo(1);
    assertThat(capture.lost(LossCause.HEAD_NOT_CAPTURED)).isEqualTo(1);
  }

  @Test
  void aClientReadsALargeAnswerToItsEnd() {
    SimulatedConnection client = capture.connect(Role.CLIENT);
    client.tx(GET).rx("HTTP/1.1 200 OK\r\nContent-Length: 30000\r\n\r\n" + "x".repeat(15_000));
    client.rx("x".repeat(15_000)).summary();

    assertThat(only().role()).isEqualTo(Role.CLIENT);
    assertThat(only().responseBodyBytes()).isEqualTo(30_000);
    assertThat(only().timing().durationNs()).isEqualTo(2000);
  }

  private HttpExchange only() {
    assertThat(capture.exchanges()).hasSize(1);
    return capture.exchanges().get(0);
  }
}
