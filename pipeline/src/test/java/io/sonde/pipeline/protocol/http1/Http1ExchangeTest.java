package io.sonde.pipeline.protocol.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.Timing;
import io.sonde.pipeline.protocol.Budget;
import io.sonde.pipeline.protocol.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an exchange says, when it began and ended, and how it failed. */
class Http1ExchangeTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final SimulatedCapture capture = new SimulatedCapture();
  private final SimulatedConnection server = capture.connect(Role.SERVER);
  private final SimulatedConnection client = capture.connect(Role.CLIENT);

  @AfterEach
  void theAccountAddsUp() {
    assertThat(capture.addsUp()).isTrue();
  }

  @Test
  void aServersTimeCountsFromArrivalAtTheSocket() {
    server.arrived(5_000_400).rx(GET).arrived(0).tx(OK);

    assertThat(only().timing())
        .isEqualTo(
            new Timing(5_000_400, 5_001_000, 5_002_000, SimulatedCapture.REALTIME_OFFSET_NS));
  }

  @Test
  void theFirstByteOfAHeadThatCameInPiecesIsWhatCounts() {
    server.arrived(5_000_400).rx("GE").arrived(5_001_500).rx(GET.substring(2)).tx(OK);

    assertThat(only().timing().arrivedNs()).isEqualTo(5_000_400);
    assertThat(only().timing().startedNs()).isEqualTo(5_001_000);
  }

  @Test
  void anUnknownArrivalCountsAsTheFirstRead() {
    server.rx(GET).tx(OK);
    assertThat(only().timing().queuedNs()).isZero();
  }

  @Test
  void anArrivalBeforeThePreviousRequestOrAfterTheReadIsNotBelieved() {
    server.rx(GET).tx(OK).arrived(5_000_500).rx(GET).tx(OK).arrived(9_000_000).rx(GET).tx(OK);

    assertThat(capture.exchanges()).hasSize(3);
    assertThat(capture.exchanges()).allMatch(exchange -> exchange.timing().queuedNs() == 0);
  }

  @Test
  void aClientsTimeCountsFromItsFirstWriteToItsLastRead() {
    client.tx("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n").tx("abc").rx(OK);

    assertThat(only().timing().arrivedNs()).isEqualTo(5_001_000);
    assertThat(only().timing().startedNs()).isEqualTo(5_001_000);
    assertThat(only().timing().endedNs()).isEqualTo(5_003_000);
    assertThat(only().requestBodyBytes()).isEqualTo(3);
  }

  @Test
  void anAnswerToldBeforeItsRequestStillBelongsToIt() {
    client.rx(OK).tx(GET).tx(GET).rx("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");

    assertThat(capture.exchanges()).extracting(HttpExchange::statusCode).containsExactly(200, 404);
    assertThat(capture.exchanges().get(0).timing().durationNs()).isZero();
    assertThat(capture.lost()).isZero();
  }

  @Test
  void anAnswerToNothingIsCounted() {
    client.tx(GET).rx(OK).rx("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n").close();
    server.rx(GET).tx(OK).tx("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n").close();

    assertThat(capture.lost(LossCause.ANSWER_WITHOUT_REQUEST)).isEqualTo(2);
    assertThat(capture.exchanges()).hasSize(2);
  }

  @Test
  void aRequestAnsweredBeforeItsHeadEndedIsReportedAsFarAsItIsKnown() {
    server.rx("GET /slow HTTP/1.1\r\nHost: ex").tx("HTTP/1.1 408 Request Timeout\r\n\r\n").close();

    assertThat(only().path()).isEqualTo("/slow");
    assertThat(only().statusCode()).isEqualTo(408);
    assertThat(only().truncated()).isTrue();
    assertThat(only().serverAddress()).as("Host is not whole").isEqualTo("127.0.0.1");
    assertThat(capture.total("sonde_truncated_exchanges", Map.of())).isEqualTo(1);
  }

  @Test
  void whatIsLeftOverBetweenMessagesIsToldTheSameHoweverItWasCut() {
    server.rx(GET + "g").tx(OK + "s").rx("GET /b HTTP/1.1\r\n\r\n").tx(OK);
    SimulatedCapture cut = new SimulatedCapture();
    cut.connect(Role.SERVER).rx(GET).rx("g").tx(OK).tx("s").rx("GET /b HTTP/1.1\r\n\r\n").tx(OK);

    assertThat(Told.exchanges(cut)).isEqualTo(Told.exchanges(capture));
    assertThat(Told.losses(cut)).isEqualTo(Told.losses(capture));
  }

  @Test
  void aSecondAnswerInOneWriteBelongsToTheRequestWhoseHeadWasNotComplete() {
    server.rx(GET + "GET /slow HTTP/1.1\r\nX").tx(OK + "HTTP/1.1 408 Timeout\r\n\r\n").close();

    assertThat(capture.exchanges()).extracting(HttpExchange::statusCode).containsExactly(200, 408);
    assertThat(capture.lost()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET http://user:secret", "CONNECT user:secret"})
  void aTargetCutInItsAuthorityNamesNoServerSinceThatCouldBeAPassword(String cut) {
    server.rx(cut).tx("HTTP/1.1 408 Request Timeout\r\n\r\n").close();

    assertThat(only().statusCode()).isEqualTo(408);
    assertThat(only().serverAddress()).isEqualTo("127.0.0.1");
    assertThat(only().toString()).doesNotContain("secret");
  }

  @Test
  void theSchemeIsThatOfTheTarget() {
    server.rx("GET HTTPS://u:secret@h/ HTTP/1.1\r\n\r\n").tx(OK);

    assertThat(only().scheme()).isEqualTo("https");
    assertThat(only().toString()).doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "SERVER, false, true, connection_closed",
    "SERVER, false, false, client_disconnected",
    "SERVER, true, false, client_disconnected",
    "CLIENT, false, false, connection_closed",
    "CLIENT, true, false, connection_reset",
    "CLIENT, false, true, client_disconnected",
  })
  void aRequestWithoutAnAnswerSaysWhoLeft(
      Role role, boolean reset, boolean locally, String errorType) {
    SimulatedConnection connection = role == Role.SERVER ? server.rx(GET) : client.tx(GET);
    connection.close(reset, locally);

    assertThat(only().statusCode()).isZero();
    assertThat(only().errorType()).isEqualTo(errorType);
    assertThat(only().timing().durationNs()).isEqualTo(1000);
  }

  @Test
  void anAnswerCutShortKeepsItsStatusAndSaysSo() {
    client.tx(GET).rx("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").close(false, false);

    assertThat(only().statusCode()).isEqualTo(200);
    assertThat(only().responseBodyBytes()).isEqualTo(4);
    assertThat(only().errorType()).isEqualTo("connection_closed");
  }

  @Test
  void anAnswerWithoutALengthEndsWithTheConnectionAndIsNoError() {
    server.rx(GET).tx("HTTP/1.0 200 OK\r\n\r\n").tx("until the end").close();

    assertThat(only().responseBodyBytes()).isEqualTo(13);
    assertThat(only().errorType()).isNull();
    assertThat(only().timing().durationNs()).as("to the last write").isEqualTo(2000);
  }

  @Test
  void anAnswerWithoutALengthThatIsResetIsAnError() {
    client.tx(GET).rx("HTTP/1.1 200 OK\r\n\r\nhal").close(true, false);
    assertThat(only().errorType()).isEqualTo("connection_reset");
  }

  @ParameterizedTest
  @CsvSource({"404,,404", "500,500,500", "302,,", "599,599,599"})
  void theStatusIsAnErrorDependingOnTheSide(int status, String onServer, String onClient) {
    String answer = "HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n";
    server.rx(GET).tx(answer);
    client.tx(GET).rx(answer);

    assertThat(capture.exchanges())
        .extracting(HttpExchange::errorType)
        .containsExactly(onServer, onClient);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "GET /p?a=1&b HTTP/1.1 h:90 /p a=1&b h 90",
        "GET /?sig=1&x=2&Signature=3 HTTP/1.1 h / sig=REDACTED&x=2&Signature=REDACTED h 8080",
        "GET /?Sig=1&sig= HTTP/1.0 h / Sig=1&sig=REDACTED h 8080",
        "GET http://u:p@other.example:91/x?y HTTP/1.1 h:90 /x y other.example 91",
        "GET http://other.example HTTP/1.1 h:90 / NULL other.example 80",
        "GET https://u@other.example?a HTTP/1.1 h:90 / a other.example 443",
        "OPTIONS http://other.example HTTP/1.1 h * NULL other.example 80",
        "get ftp://other.example/x HTTP/1.1 h:90 /x NULL other.example 8080",
        "OPTIONS * HTTP/1.1 h * NULL h 8080",
        "GET / HTTP/1.1 [::1]:90 / NULL ::1 90",
        "GET / HTTP/1.1 [::1] / NULL ::1 8080",
        "PURGE-ALL /x HTTP/1.1 h:123456 /x NULL h:123456 8080",
        "GET / HTTP/1.1 h:65535 / NULL h 65535",
        "GET / HTTP/1.1 h:65536 / NULL h:65536 8080",
      })
  void targetAndHostGiveThePathTheQueryAndTheServer(
      String method,
      String target,
      String version,
      String host,
      String path,
      String query,
      String address,
      int port) {
    server.rx(method + " " + target + " " + version + "\r\nhOST:\t" + host + " \r\n\r\n").tx(OK);

    assertThat(only().method()).isEqualTo(method);
    assertThat(only().path()).isEqualTo(path);
    assertThat(only().query()).isEqualTo(query.equals("NULL") ? null : query);
    assertThat(only().serverAddress()).isEqualTo(address);
    assertThat(only().serverPort()).isEqualTo(port);
    assertThat("HTTP/" + only().protocolVersion()).isEqualTo(version);
  }

  @Test
  void aTunnelIsOneExchangeAndWhatRunsThroughItNone() {
    client.tx("CONNECT db.example:443 HTTP/1.1\r\nHost: db.example:443\r\n\r\n");
    client.rx("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").tx(GET).rx(OK).close();

    assertThat(only().serverAddress()).isEqualTo("db.example");
    assertThat(only().serverPort()).isEqualTo(443);
    assertThat(only().path()).isEmpty();
    assertThat(capture.lost()).isZero();
  }

  @Test
  void interimAnswersAreNotTheAnswer() {
    server.rx("POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\n").tx("HTTP/1.1 100 Continue\r\n\r\n");
    server.rx("x").tx("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK);

    assertThat(only().statusCode()).isEqualTo(200);
    assertThat(only().requestBodyBytes()).isEqualTo(1);
  }

  @Test
  void aBrokenAnswerGivesUpItsExchangeOnly() {
    server.rx(GET).tx("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\n");
    server.rx("GET /next HTTP/1.1\r\n\r\n").tx(OK);

    assertThat(capture.lost(LossCause.MALFORMED_MESSAGE)).isEqualTo(1);
    assertThat(only().path()).isEqualTo("/next");
  }

  @Test
  void twoLengthsThatDifferCannotFrameAnAnswer() {
    server.rx(GET).tx("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab");
    assertThat(capture.lost(LossCause.MALFORMED_MESSAGE)).isEqualTo(1);
  }

  @Test
  void transferEncodingOutranksContentLength() {
    server.rx(GET);
    server.tx(
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"
            + "2;ext=1\r\nab\r\n0\r\nTrailer: x\r\n\r\n");
    assertThat(only().responseBodyBytes()).isEqualTo(2);
  }

  @Test
  void moreUnansweredRequestsThanAreKeptAreCounted() {
    for (int i = 0; i < 200; i++) {
      server.rx(GET);
    }
    assertThat(capture.open()).isLessThanOrEqualTo(OpenExchanges.MAX_OPEN);
    assertThat(capture.lost(LossCause.TOO_MANY_PIPELINED)).isEqualTo(OpenExchanges.MAX_OPEN + 1);
  }

  /** However their connections go on, nothing of them is kept: there is room for as many again. */
  @Test
  void moreThanIsKeptOfHeadsIsCountedUntilThereIsRoomAgain() {
    SimulatedCapture all = new SimulatedCapture().budgets(1 << 24, 1 << 24);
    int kept = Budget.OPEN_FIELDS / 16_000;
    int asked = kept + 100;
    for (int round = 1; round <= 7; round++) {
      List<SimulatedConnection> connections = new ArrayList<>();
      for (int i = 0; i < asked; i++) {
        SimulatedConnection connection =
            i % 10 == 0 ? all.connect(Role.SERVER) : connections.get(0);
        if (i % 10 == 0) {
          connections.add(0, connection);
        }
        connection.rx("GET /" + i + "x".repeat(16_000) + " HTTP/1.1\r\nHost: h\r\n\r\n");
      }
      assertThat(all.open()).isBetween(kept - 20, kept);
      for (SimulatedConnection connection : connections) {
        switch (round) {
          case 1 -> connection.close();
          case 2 -> connection.close(true, true);
          case 3 -> connection.lose(1).rx("x").tx(OK).close();
          case 4 -> connection.tx("nonsense").close();
          case 5 -> connection.tx("HTTP/1.1 101 Switching Protocols\r\n\r\n").rx("frames").close();
          case 6 -> connection.tx(OK.repeat(10)).close();
          default -> all.end();
        }
      }
      assertThat(all.open()).isZero();
      assertThat(all.addsUp()).isTrue();
    }
  }

  private HttpExchange only() {
    assertThat(capture.exchanges()).hasSize(1);
    return capture.exchanges().get(0);
  }
}
