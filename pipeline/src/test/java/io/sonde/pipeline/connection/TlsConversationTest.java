package io.sonde.pipeline.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.ProcessSeen.Tls;
import io.sonde.pipeline.event.ProcessStarted;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.event.TlsMatch;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.ThreadEvidence.Finding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TlsConversationTest {
  private static final String GET = "GET /secret HTTP/1.1\r\nHost: shop.example\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String CLIENT_HELLO =
      "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc";
  private static final String SERVER_HELLO = "\u0016\u0003\u0003\u0000\u007a\u0002";
  private static final String RECORD = "\u0017\u0003\u0003\u0000\u0045\u00aa\u0001";

  private final SimulatedCapture capture = new SimulatedCapture(3);

  @AfterEach
  void theAccountAddsUp() {
    assertThat(capture.addsUp()).isTrue();
    capture.end();
    assertThat(capture.addsUp()).isTrue();
    assertThat(capture.open()).isZero();
  }

  @Test
  void aRequestWithinTlsIsToldAsHttps() {
    SimulatedConnection socket = capture.connect(Role.SERVER);
    SimulatedConnection tls = socket.tls().readable();
    tls.arrived(capture.now + 100).rx(GET).tx(OK);
    socket.close();

    HttpExchange exchange = only();
    assertThat(exchange.scheme()).isEqualTo("https");
    assertThat(exchange.path()).isEqualTo("/secret");
    assertThat(exchange.serverAddress()).isEqualTo("shop.example");
    assertThat(exchange.serverPort()).isEqualTo(8080);
    assertThat(exchange.timing().startedNs() - exchange.timing().arrivedNs()).isEqualTo(900);
    assertThat(capture.lost()).isZero();
    assertThat(tlsConnections("readable")).isEqualTo(1);
  }

  @Test
  void aClientsRequestWithinTlsIsToldAsHttps() {
    SimulatedConnection socket = capture.connect(Role.CLIENT);
    socket.tls().readable().tx("GET https://a.example/ HTTP/1.1\r\n\r\n").rx(OK);

    assertThat(only().scheme()).isEqualTo("https");
    assertThat(only().serverPort()).isEqualTo(443);
  }

  @Test
  void theHandshakeOfAConnectionThatIsReadIsNoLoss() {
    SimulatedConnection socket = capture.connect(Role.SERVER);
    socket.rx(CLIENT_HELLO).tx(SERVER_HELLO).rx(RECORD);
    socket.tls().readable().rx(GET).tx(OK);
    socket.lose(3).rx(RECORD).tx(RECORD).rx(RECORD).tx(RECORD).close();

    assertThat(capture.exchanges()).hasSize(1);
    assertThat(capture.lost()).as("also of records that say nothing").isZero();
    assertThat(tlsConnections("unreadable")).isZero();
  }

  @Test
  void aConnectionOnWhichNothingButTheHandshakeHappenedIsNoLoss() {
    SimulatedConnection socket = capture.connect(Role.SERVER);
    socket.rx(CLIENT_HELLO).tx(SERVER_HELLO);
    socket.tls().readable();
    socket.close();

    assertThat(capture.lost()).isZero();
  }

  @Test
  void tlsThatIsNeverReadIsCountedOnceWhenItsConnectionEnds() {
    SimulatedConnection socket = capture.connect(Role.SERVER);
    socket.rx(CLIENT_HELLO).tx(SERVER_HELLO).rx(RECORD).tx(RECORD);
    assertThat(capture.lost()).as("it may be read yet").isZero();

    socket.close();
    assertThat(capture.lost(LossCause.TLS)).isEqualTo(1);
    assertThat(capture.lost()).isEqualTo(1);
    assertThat(tlsConnections("unreadable")).isEqualTo(1);
  }

  @Test
  void tlsThatIsNeverReadIsCountedWhenTheCaptureEndsOrTheTableIsFull() {
    capture.connect(Role.SERVER).rx(CLIENT_HELLO);
    for (int i = 0; i < 3; i++) {
      capture.connect(Role.CLIENT).tx(CLIENT_HELLO);
    }
    assertThat(capture.lost(LossCause.TLS)).as("forgotten").isEqualTo(1);

    capture.end();
    assertThat(capture.lost(LossCause.TLS)).isEqualTo(4);
    assertThat(capture.lost()).isEqualTo(4);
  }

  @Test
  void anOlderConnectionThatOnlySpeaksTlsIsCountedOnce() {
    SimulatedConnection socket = capture.connectedBefore();
    for (int i = 0; i < 10; i++) {
      socket.rx(RECORD).tx(RECORD);
    }
    socket.close();

    assertThat(capture.lost(LossCause.TLS)).isEqualTo(1);
    assertThat(capture.lost()).isEqualTo(1);
  }

  @Test
  void anOlderConnectionIsReadFromTheNextRequestOn() {
    SimulatedConnection socket = capture.connectedBefore();
    socket.rx(RECORD).tx(RECORD);
    socket.tls().rx(GET).tx(OK).rx(GET).tx(OK);
    socket.close();

    assertThat(capture.exchanges()).hasSize(2);
    assertThat(capture.exchanges().get(0).role()).isEqualTo(Role.SERVER);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void whatAnOlderConnectionWasInTheMiddleOfIsCountedOnce() {
    SimulatedConnection socket = capture.connectedBefore();
    socket.tx("the middle of a record").rx("\u00aa\u00bb the middle of another");
    SimulatedConnection tls = socket.tls();
    tls.tx("the rest of some page").rx(GET).tx(OK);
    socket.close();

    assertThat(capture.exchanges()).hasSize(1);
    assertThat(capture.lost(LossCause.STARTED_MIDSTREAM)).isEqualTo(1);
    assertThat(capture.lost()).isEqualTo(1);
  }

  @Test
  void aSessionWhoseHandshakeWasNotSeenMayBeInTheMiddleOfSomething() {
    SimulatedConnection socket = capture.connect(Role.SERVER);
    socket.rx(CLIENT_HELLO).tx(SERVER_HELLO);
    socket.tls().rx("the rest of an upload").tx(OK).rx(GET).tx(OK);

    assertThat(capture.exchanges()).hasSize(1);
    assertThat(capture.lost(LossCause.STARTED_MIDSTREAM)).isEqualTo(1);
  }

  @Test
  void aSessionThatIsJoinedBetweenReadAndWriteMayBeInTheMiddleOfSomethingToo() {
    SimulatedConnection socket = capture.connect(Role.SERVER);
    socket.rx(CLIENT_HELLO).tx(SERVER_HELLO).rx(RECORD).tx(RECORD);
    socket.tls().readable().tx("the rest of an answer").rx(GET).tx(OK);

    assertThat(capture.exchanges()).hasSize(1);
    assertThat(capture.lost(LossCause.STARTED_MIDSTREAM)).isEqualTo(1);
    assertThat(capture.lost()).isEqualTo(1);
  }

  @Test
  void whatJavaEncryptsItselfIsToldApart() {
    capture.decoder.processStarted(
        new ProcessStarted(
            9, 1, 1, 0, 9, "/bin/java", List.of(), "/", "java", "", "", 1, Map.of(), List.of()));
    SimulatedConnection socket = capture.connect(Role.SERVER).by(9).rx(CLIENT_HELLO);
    assertThat(capture.decoder.seen(9).orElseThrow().tls()).isEqualTo(new Tls(1, 0, 0));
    socket.close();

    assertThat(capture.lost(LossCause.TLS)).isEqualTo(1);
    assertThat(tlsConnections("unreadable_in_jvm")).isEqualTo(1);
    assertThat(tlsConnections("unreadable")).isZero();
  }

  @Test
  void ofAProcessItIsToldWhatWasReadOfItsTls() {
    capture.connect(Role.SERVER).rx(CLIENT_HELLO);
    capture.connect(Role.SERVER).tls().readable().rx(GET);
    capture.connect(Role.SERVER).rx(GET);
    SimulatedConnection third = capture.connect(Role.SERVER);
    third.tlsInMemory().rx(GET).matched(TlsMatch.CONFLICT).summary();

    assertThat(capture.decoder.seen(SimulatedCapture.PID).orElseThrow().tls())
        .isEqualTo(new Tls(2, 1, 1));
  }

  @Test
  void aLongBodyWithinTlsIsFollowedByOffsetsAndTails() {
    SimulatedConnection tls = capture.connect(Role.SERVER).tls().readable();
    tls.rx(GET).tx("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    tls.tx("7d0\r\n" + "x".repeat(2000) + "\r\n").tx("7d0\r\n" + "y".repeat(2000) + "\r\n");
    tls.tx("0\r\n\r\n").summary();

    assertThat(only().statusCode()).isEqualTo(200);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void recordsMissingFromASessionAreCounted() {
    SimulatedConnection tls = capture.connect(Role.SERVER).tls().readable();
    tls.rx(GET).tx(OK).lose(1).rx("GET /lost HTTP/1.1\r\n\r\n").tx(OK);
    tls.rx("GET /next HTTP/1.1\r\n\r\n").tx(OK);

    assertThat(capture.exchanges())
        .extracting(HttpExchange::path)
        .containsExactly("/secret", "/next");
    assertThat(capture.lost(LossCause.RECORD_LOST)).isEqualTo(1);
  }

  @Test
  void aNewSessionOnAConnectionStartsOver() {
    SimulatedConnection socket = capture.connect(Role.SERVER);
    socket.tls().readable().rx(GET);
    socket.tls().readable().rx("GET /next HTTP/1.1\r\n\r\n").tx(OK);

    assertThat(only().path()).isEqualTo("/next");
    assertThat(capture.lost(LossCause.RECORD_LOST)).isEqualTo(1);
    assertThat(tlsConnections("readable")).isEqualTo(1);
  }

  @Test
  void theEndOfTheConnectionEndsWhatIsOpenInItsSession() {
    SimulatedConnection socket = capture.connect(Role.CLIENT);
    socket.tls().readable().tx(GET);
    socket.close(true, false);

    assertThat(only().errorType()).isNotNull();
    assertThat(capture.lost()).isZero();
  }

  @Test
  void aRequestWithinTlsThatIsNotAnsweredIsToldAsTimedOut() {
    capture.connect(Role.CLIENT).tls().readable().tx(GET);
    capture.stats(SimulatedCapture.TIMEOUT);

    assertThat(only().errorType()).isEqualTo("timeout");
  }

  @Test
  void anotherProtocolWithinTlsIsCountedAsSuch() {
    SimulatedConnection socket = capture.connect(Role.CLIENT);
    socket.tls().readable().tx("EHLO me\r\n").rx("250 ok\r\n");
    socket.close();

    assertThat(capture.lost(LossCause.NOT_HTTP)).isEqualTo(1);
    assertThat(capture.lost()).isEqualTo(1);
  }

  @Test
  void tlsThroughATunnelOfAProxyIsRead() {
    SimulatedConnection socket = capture.connect(Role.CLIENT);
    socket.tx("CONNECT shop.example:443 HTTP/1.1\r\nHost: shop.example:443\r\n\r\n");
    socket.rx("HTTP/1.1 200 Connection established\r\n\r\n");
    socket.tx(CLIENT_HELLO).rx(SERVER_HELLO);
    socket.tls().readable().tx(GET).rx(OK);
    socket.close();

    assertThat(capture.exchanges())
        .extracting(HttpExchange::method, HttpExchange::scheme, HttpExchange::serverPort)
        .containsExactly(tuple("CONNECT", "http", 443), tuple("GET", "https", 443));
    assertThat(capture.lost()).isZero();
  }

  @Test
  void aWebSocketWithinTlsIsATunnel() {
    SimulatedConnection socket = capture.connect(Role.SERVER);
    SimulatedConnection tls = socket.tls().readable();
    tls.rx("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n");
    tls.tx("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n");
    tls.rx("12345").tx("1234567");
    socket.close();

    assertThat(only().statusCode()).isEqualTo(101);
    assertThat(
            capture.total("sonde_tunnel", Map.of("protocol", "websocket", "direction", "receive")))
        .isEqualTo(5);
    assertThat(
            capture.total("sonde_tunnel", Map.of("protocol", "websocket", "direction", "transmit")))
        .isEqualTo(7);
  }

  @Test
  void plaintextOfAConnectionThatWasNeverAnnouncedIsCounted() {
    new SimulatedConnection(capture, 77, Role.SERVER, 1).tls().readable().rx(GET).tx(OK);

    assertThat(capture.lost(LossCause.UNKNOWN_CONNECTION)).isEqualTo(2);
    assertThat(capture.lost()).isEqualTo(2);
  }

  @Test
  void plaintextOfAServiceThatIsNotToBeReadIsOnlyCounted() {
    capture.startWithoutTls(4800);
    SimulatedConnection socket = capture.connect(Role.SERVER);
    socket.rx(CLIENT_HELLO);
    socket.tls().by(4800).readable().rx(GET).tx(OK);
    socket.close();

    assertThat(capture.exchanges()).isEmpty();
    assertThat(capture.lost(LossCause.TLS)).isEqualTo(1);
    assertThat(capture.lost()).isEqualTo(1);
    assertThat(tlsConnections("unreadable")).isEqualTo(1);
    assertThat(tlsConnections("readable")).isZero();
  }

  @Test
  void aThreadThatServesATlsRequestIsTheParentOfItsTlsCall() {
    SimulatedConnection server = capture.connect(Role.SERVER);
    server.waiting().rx(CLIENT_HELLO).tx(SERVER_HELLO).rx(RECORD);
    SimulatedConnection served = server.tls().readable().waiting().rx(GET);
    SimulatedConnection client = capture.connect(Role.CLIENT);
    client.tx(CLIENT_HELLO).rx(SERVER_HELLO);
    client.tls().readable().tx("GET /called HTTP/1.1\r\n\r\n").rx(OK);
    served.tx(OK);

    HttpExchange call = capture.exchanges().get(0);
    HttpExchange request = capture.exchanges().get(1);
    assertThat(call.path()).isEqualTo("/called");
    assertThat(request.threads().finding()).isEqualTo(Finding.CERTAIN);
    assertThat(call.threads().request()).isNotNull().isSameAs(request.threads().request());
  }

  @Test
  void aThreadThatOnlyDoesHandshakesServesNothing() {
    SimulatedConnection first = capture.connect(Role.SERVER);
    first.in(1).waiting().rx(CLIENT_HELLO).tx(SERVER_HELLO).rx(RECORD);
    first.tls().in(1).readable();
    SimulatedConnection second = capture.connect(Role.SERVER);
    second.in(1).waiting().rx(CLIENT_HELLO).tx(SERVER_HELLO).rx(RECORD);
    SimulatedConnection served = second.tls().in(1).readable();
    served.in(2).waiting().rx(GET).tx(OK);

    assertThat(only().threads().finding()).isEqualTo(Finding.CERTAIN);
  }

  private HttpExchange only() {
    assertThat(capture.exchanges()).hasSize(1);
    return capture.exchanges().get(0);
  }

  private long tlsConnections(String result) {
    return capture.total("sonde_tls_connections", Map.of("result", result));
  }
}
