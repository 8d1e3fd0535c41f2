package io.sonde.pipeline.protocol.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP is left by Upgrade or CONNECT: one exchange, then bytes that are only counted. */
class TunnelTest {
  private static final String CONNECT = "CONNECT db.example:443 HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String CONNECTED = "HTTP/1.1 200 Connection established\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final SimulatedCapture capture = new SimulatedCapture();
  private final SimulatedConnection server = capture.connect(Role.SERVER);

  @AfterEach
  void theAccountAddsUp() {
    assertThat(capture.addsUp()).isTrue();
    assertThat(capture.open()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"websocket, websocket", "WebSocket, websocket", "echo, other", "'a, b', other"})
  void anUpgradeIsOneExchangeAndThenBytes(String upgrade, String protocol) {
    server.rx("GET /chat HTTP/1.1\r\nUpgrade: " + upgrade + "\r\n\r\n");
    server.tx("HTTP/1.1 101 Switching\r\nUpgrade: " + upgrade + "\r\n\r\nABC");
    server.rx("GET / HTTP/1.1\r\n\r\n").tx("12345").tx("6789").close();

    assertThat(capture.exchanges()).extracting(HttpExchange::statusCode).containsExactly(101);
    assertThat(capture.total("sonde_tunnels", Map.of("protocol", protocol))).isEqualTo(1);
    assertThat(bytes(protocol, "receive")).isEqualTo(18);
    assertThat(bytes(protocol, "transmit")).isEqualTo(12);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void bytesWithoutARecordOfTheirOwnAreCountedToo() {
    capture.budgets(4096, 100);
    server.rx(CONNECT).tx(CONNECTED + "x".repeat(1000)).tx("y".repeat(500));
    server.rx("z").lose(2).tx("lost").rx("lost").summary().close();

    assertThat(bytes("connect", "transmit")).isEqualTo(1504);
    assertThat(bytes("connect", "receive")).isEqualTo(5);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void whatAClientSendsBeforeItsConnectIsAnsweredBelongsToTheTunnel() {
    server.rx(CONNECT + "\u0016\u0003\u0001").rx("more").tx(CONNECTED).close();

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("");
    assertThat(bytes("connect", "receive")).isEqualTo(7);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void aRefusedConnectStaysHttp() {
    server.rx(CONNECT).tx("HTTP/1.1 407 Who\r\nContent-Length: 4\r\n\r\nwho?");
    server.rx("any /next HTTP/1.1\r\n\r\n").tx(OK).rx(CONNECT).tx(CONNECTED).rx("x").close();

    assertThat(capture.exchanges())
        .extracting(HttpExchange::statusCode)
        .containsExactly(407, 200, 200);
    assertThat(capture.exchanges().get(1).method()).isEqualTo("any");
    assertThat(bytes("connect", "receive")).isEqualTo(1);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void whatWasAheadOfAConnectThatWasLostIsNotCountedForTheNextTunnel() {
    server.rx(CONNECT + "ahead").lose(1).tx("lost");
    server.rx("GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
    server.tx("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n").rx("12").close();

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/chat");
    assertThat(bytes("websocket", "receive")).isEqualTo(2);
  }

  @Test
  void whatCameTooEarlyForARefusedConnectIsCountedAndNotTakenForHttp() {
    server.rx(CONNECT + "GET /tunnelled HTTP/1.1\r\n\r\n");
    server.tx("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
    server.rx("GET /next HTTP/1.1\r\n\r\n").tx(OK);

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("", "/next");
    assertThat(capture.lost(LossCause.AMBIGUOUS_FRAMING)).isEqualTo(1);
  }

  @Test
  void anInterimAnswerDoesNotDecideOverATunnel() {
    server.rx(CONNECT).tx("HTTP/1.1 102 Wait\r\n\r\n").tx(CONNECTED).rx("abc").close();

    assertThat(capture.exchanges()).extracting(HttpExchange::statusCode).containsExactly(200);
    assertThat(bytes("connect", "receive")).isEqualTo(3);
  }

  private long bytes(String protocol, String direction) {
    return capture.total("sonde_tunnel", Map.of("protocol", protocol, "direction", direction));
  }
}
