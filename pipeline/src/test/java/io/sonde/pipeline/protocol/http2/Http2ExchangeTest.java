package io.sonde.pipeline.protocol.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.RpcExchange;
import io.sonde.pipeline.protocol.Budget;
import io.sonde.pipeline.protocol.Told;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Http2ExchangeTest {
  private final SimulatedCapture capture = new SimulatedCapture().budgets(1 << 20, 1 << 20);
  private final Peer client = new Peer();
  private final Peer server = new Peer();

  @AfterEach
  void theAccountAddsUp() {
    assertThat(capture.addsUp()).isTrue();
  }

  @Test
  void aRequestAndItsAnswerAreOneExchange() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(client.preface().get(1, "/orders?id=7&sig=abc").take());
    connection.tx(server.settings().headers(1, false, ":status", "200").take());
    connection.tx(server.data(1, true, new byte[700]).take());

    assertThat(Told.exchanges(capture))
        .containsExactly(
            "GET /orders query=id=7&sig=REDACTED HTTP/2 shop.example:8080 status=200 request=0"
                + " answer=700 agent=peer/1 error=null");
    HttpExchange told = capture.exchanges().get(0);
    assertThat(told.scheme()).isEqualTo("http");
    assertThat(told.threads()).isNull();
    assertThat(told.timing().durationNs()).isEqualTo(2000);
  }

  @Test
  void aServerMaySpeakFirst() {
    SimulatedConnection connection = capture.connect(Role.CLIENT);
    connection.rx(server.settings().take());
    connection.tx(client.preface().get(1, "/a").take());
    connection.rx(server.headers(1, true, ":status", "404").take());

    assertThat(capture.exchanges()).extracting(HttpExchange::errorType).containsExactly("404");
  }

  @Test
  void streamsAreAnsweredInAnyOrder() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(client.preface().get(1, "/a").get(3, "/b").get(5, "/c").take());
    connection.tx(server.headers(5, true, ":status", "204").take());
    connection.tx(server.headers(1, false, ":status", "200").data(1, false, new byte[3]).take());
    connection.tx(server.headers(3, true, ":status", "200").data(1, true, new byte[4]).take());

    assertThat(capture.exchanges())
        .extracting(HttpExchange::path)
        .containsExactly("/c", "/b", "/a");
    assertThat(capture.exchanges().get(2).responseBodyBytes()).isEqualTo(7);
  }

  @Test
  void interimAnswersAreNotTheAnswer() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(client.preface().get(1, "/a").take());
    connection.tx(server.headers(1, false, ":status", "103", "link", "</x>").take());
    connection.tx(server.headers(1, true, ":status", "200").take());

    assertThat(capture.exchanges()).extracting(HttpExchange::statusCode).containsExactly(200);
  }

  @Test
  void fieldsMayBeScatteredAndContentsPadded() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(client.preface().take());
    connection.rx(
        client
            .scatteredHeaders(1, false, ":method", "PUT", ":path", "/scattered", ":scheme", "http")
            .paddedData(1, true, new byte[10], 200)
            .take());
    connection.tx(server.scatteredHeaders(1, true, ":status", "201", "x-more", "much").take());

    assertThat(Told.exchanges(capture))
        .containsExactly(
            "PUT /scattered query=null HTTP/2 127.0.0.1:8080 status=201 request=10 answer=0"
                + " agent=null error=null");
  }

  @Test
  void contentsNeedNotBeCaptured() {
    SimulatedCapture little = new SimulatedCapture().budgets(4096, 200);
    SimulatedConnection connection = little.connect(Role.SERVER);
    connection.rx(client.preface().get(1, "/big").take());
    connection.tx(server.headers(1, false, ":status", "200").data(1, true, new byte[9000]).take());
    connection.rx(client.get(3, "/next").take());
    connection.tx(server.headers(3, true, ":status", "204").take());

    assertThat(Told.exchanges(little)).hasSize(2).first().asString().contains("answer=9000");
    assertThat(little.lost()).isZero();
  }

  @Test
  void aCallOfGrpcIsOneWithItsMessagesAndStatus() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(client.preface().call(1, "/shop.Cart/Add").take());
    connection.rx(client.data(1, false, Peer.messages(10)).data(1, true, Peer.messages(20)).take());
    connection.tx(
        server
            .headers(1, false, ":status", "200", "content-type", "application/grpc")
            .data(1, false, Peer.messages(0, 30, 7))
            .headers(1, true, "grpc-status", "5", "grpc-message", "no such cart")
            .take());

    assertThat(Told.exchanges(capture))
        .containsExactly(
            "grpc shop.Cart/Add HTTP/2 shop.example:8080 status=5 messages=2:3 bytes=30:37"
                + " agent=grpc-peer/1 error=null");
  }

  @Test
  void anAnswerOfTrailersOnlyHasTheStatus() {
    SimulatedConnection connection = capture.connect(Role.CLIENT);
    connection.tx(client.preface().call(1, "/a.B/C").data(1, true, Peer.messages(1)).take());
    connection.rx(
        server
            .headers(
                1, true, ":status", "200", "content-type", "application/grpc", "grpc-status", "12")
            .take());

    assertThat(capture.calls()).extracting(RpcExchange::errorType).containsExactly("UNIMPLEMENTED");
  }

  @Test
  void anAnswerWithoutGrpcStatusHasTheOneThatItsHttpStatusStandsFor() {
    SimulatedConnection connection = capture.connect(Role.CLIENT);
    connection.tx(client.preface().call(1, "/a.B/C").data(1, true, Peer.messages(1)).take());
    connection.rx(server.headers(1, true, ":status", "503").take());

    assertThat(capture.calls()).extracting(RpcExchange::statusCode).containsExactly(14);
  }

  @Test
  void aClientThatCancelsInTimeHasCancelledAndLaterHasNotWaitedLonger() {
    SimulatedConnection connection = capture.connect(Role.CLIENT);
    connection.tx(client.preface().call(1, "/a.B/C").take());
    connection.tx(client.reset(1, 8).take());
    connection.tx(client.call(3, "/a.B/C").take());
    capture.stats(java.time.Duration.ofMillis(500));
    connection.tx(client.reset(3, 8).take());

    assertThat(capture.calls()).extracting(RpcExchange::statusCode).containsExactly(1, 4);
  }

  @Test
  void aResetTellsWhoGaveUp() {
    SimulatedConnection connection = capture.connect(Role.CLIENT);
    connection.tx(client.preface().get(1, "/a").get(3, "/b").get(5, "/c").take());
    connection.tx(client.reset(1, 8).take());
    connection.rx(server.reset(3, 7).reset(5, 2).take());

    assertThat(capture.exchanges())
        .extracting(HttpExchange::errorType)
        .containsExactly("client_disconnected", "refused_stream", "internal_error");
  }

  @Test
  void whatTheServerDidNotActUponIsRefused() {
    SimulatedConnection connection = capture.connect(Role.CLIENT);
    connection.tx(client.preface().get(1, "/a").call(3, "/b.C/D").take());
    connection.rx(server.goAway(1).headers(1, true, ":status", "200").take());

    assertThat(capture.exchanges())
        .extracting(HttpExchange::errorType)
        .containsExactly((String) null);
    assertThat(capture.calls()).extracting(RpcExchange::statusCode).containsExactly(14);
  }

  @Test
  void theEndOfTheConnectionEndsWhatIsOpen() {
    SimulatedConnection connection = capture.connect(Role.CLIENT);
    connection.tx(client.preface().get(1, "/a").call(3, "/b.C/D").take());
    connection.close(true, false);

    assertThat(Told.exchanges(capture))
        .hasSize(2)
        .allSatisfy(told -> assertThat(told).endsWith("error=connection_reset"));
    assertThat(capture.calls()).extracting(RpcExchange::statusCode).containsExactly(14);
  }

  @Test
  void whatIsPushedIsNoExchange() {
    SimulatedConnection connection = capture.connect(Role.CLIENT);
    connection.tx(client.preface().get(1, "/a").take());
    connection.rx(
        server
            .push(1, 2, ":method", "GET", ":path", "/style", ":scheme", "http", "x-new", "entry")
            .headers(2, false, ":status", "200")
            .data(2, true, new byte[9])
            .headers(1, true, ":status", "200", "x-new", "entry")
            .take());

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/a");
    assertThat(capture.lost()).isZero();
  }

  @Test
  void aClientsAnswerMayBeToldBeforeItsRequest() {
    SimulatedConnection connection = capture.connect(Role.CLIENT);
    connection.tx(client.preface().get(1, "/a").take());
    connection.rx(server.headers(1, true, ":status", "200").take());
    connection.rx(server.headers(3, false, ":status", "201").data(3, true, new byte[5]).take());
    connection.tx(client.get(3, "/b").take());

    assertThat(capture.exchanges()).extracting(HttpExchange::statusCode).containsExactly(200, 201);
    assertThat(capture.exchanges().get(1).responseBodyBytes()).isEqualTo(5);
  }

  @Test
  void aConnectIsToldWithItsAnswerAndThenOnlyItsBytesAreCounted() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    String[] fields = {
      ":method",
      "CONNECT",
      ":protocol",
      "websocket",
      ":scheme",
      "http",
      ":path",
      "/chat",
      ":authority",
      "h"
    };
    connection.rx(client.preface().headers(1, false, fields).get(3, "/a").take());
    connection.tx(server.settings().headers(1, false, ":status", "200").take());
    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/chat");

    connection.rx(client.data(1, false, new byte[30]).take());
    connection.tx(server.data(1, true, new byte[40]).headers(3, true, ":status", "200").take());
    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/chat", "/a");
    assertThat(capture.total("sonde_tunnels", Map.of("protocol", "websocket"))).isEqualTo(1);
    assertThat(tunnelBytes("receive")).isEqualTo(30);
    assertThat(tunnelBytes("transmit")).isEqualTo(40);
  }

  private long tunnelBytes(String direction) {
    return capture.total("sonde_tunnel", Map.of("protocol", "websocket", "direction", direction));
  }

  @Test
  void anUpgradeIsOneExchangeAndOthersFollow() {
    for (Role role : new Role[] {Role.SERVER, Role.CLIENT}) {
      SimulatedConnection connection = capture.connect(role);
      Peer asking = new Peer();
      Peer answering = new Peer();
      move(connection, role == Role.SERVER, UPGRADE);
      byte[] first = answering.settings().headers(1, true, ":status", "204").take();
      move(connection, role != Role.SERVER, join(SWITCHING, first));
      move(connection, role == Role.SERVER, asking.preface().get(3, "/b").take());
      move(connection, role != Role.SERVER, answering.headers(3, true, ":status", "200").take());
    }
    assertThat(Told.exchanges(capture))
        .filteredOn(told -> told.startsWith("GET /up query=null HTTP/2 h:1 status=204"))
        .hasSize(2);
    assertThat(capture.exchanges()).hasSize(4);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void theRestOfARequestMayComeBehindTheAnswerToItsUpgrade() {
    for (int split = 1; split < 80; split++) {
      SimulatedCapture each = new SimulatedCapture().budgets(1 << 20, 1 << 20);
      SimulatedConnection connection = each.connect(Role.SERVER);
      Peer asking = new Peer();
      Peer answering = new Peer();
      connection.rx(
          "POST /up HTTP/1.1\r\nHost: h:1\r\nUpgrade: h2c\r\nContent-Length: 20\r\n\r\nbegin");
      connection.tx(join(SWITCHING, answering.settings().take()));
      byte[] rest = join("PRI * HTTPRI * ".getBytes(US_ASCII), asking.preface().take());
      byte[] next = join(rest, asking.get(3, "/b").take());
      connection.rx(java.util.Arrays.copyOf(next, split));
      connection.rx(java.util.Arrays.copyOfRange(next, split, next.length));
      connection.tx(answering.headers(1, true, ":status", "204").take());
      connection.tx(answering.headers(3, true, ":status", "200").take());

      assertThat(each.exchanges())
          .as("split at %d", split)
          .extracting(HttpExchange::path)
          .containsExactly("/up", "/b");
      assertThat(each.lost()).isZero();
    }
  }

  @Test
  void anUpgradeThatItsClientDoesNotGoOnWithIsMalformed() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(UPGRADE).tx(join(SWITCHING, server.settings().take()));
    connection.rx("GET / HTTP/1.1\r\n\r\n");

    assertThat(capture.lost(LossCause.MALFORMED_MESSAGE)).isEqualTo(1);
  }

  private static final byte[] UPGRADE =
      "GET /up HTTP/1.1\r\nHost: h:1\r\nUpgrade: h2c\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] SWITCHING =
      "HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n".getBytes(US_ASCII);

  private static void move(SimulatedConnection connection, boolean rx, byte[] data) {
    if (rx) {
      connection.rx(data);
    } else {
      connection.tx(data);
    }
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] joined = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }

  @Test
  void whatIsNotAnsweredInTimeIsToldOnceAndItsAnswerIsNotAnothers() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(client.preface().get(1, "/slow").take());
    capture.stats(SimulatedCapture.TIMEOUT);
    connection.tx(server.headers(1, true, ":status", "200").take());

    assertThat(capture.exchanges()).extracting(HttpExchange::errorType).containsExactly("timeout");
    assertThat(capture.lost()).isZero();
  }

  @Test
  void withinTlsTheSchemeIsHttps() {
    SimulatedConnection session = capture.connect(Role.SERVER).tls().readable();
    session.rx(client.preface().headers(1, true, ":method", "GET", ":path", "/").take());
    session.tx(server.settings().headers(1, true, ":status", "200").take());

    assertThat(capture.exchanges()).extracting(HttpExchange::scheme).containsExactly("https");
  }

  @Test
  void moreStreamsThanAreKeptAreCounted() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(client.preface().take());
    for (int i = 0; i < StreamTable.MAX_OPEN + 5; i++) {
      connection.rx(client.get(2 * i + 1, "/").take());
    }
    assertThat(capture.open()).isEqualTo(StreamTable.MAX_OPEN);
    assertThat(capture.lost(LossCause.TOO_MANY_PIPELINED)).isEqualTo(5);
    connection.close();
    assertThat(capture.open()).isZero();
  }

  @Test
  void moreThanIsKeptOfFieldsIsCountedUntilThereIsRoomAgain() {
    SimulatedCapture all = new SimulatedCapture().budgets(1 << 24, 1 << 24);
    int kept = Budget.OPEN_FIELDS / 16_000;
    for (int round = 1; round <= 2; round++) {
      SimulatedConnection[] connections = {
        all.connect(Role.SERVER), all.connect(Role.SERVER), all.connect(Role.SERVER)
      };
      for (SimulatedConnection connection : connections) {
        Peer asking = new Peer();
        connection.rx(asking.preface().take());
        for (int i = 0; i < 500; i++) {
          connection.rx(asking.get(2 * i + 1, "/" + i + "x".repeat(16_000)).take());
        }
      }
      assertThat(all.open()).isBetween(kept - 20, kept);
      for (SimulatedConnection connection : connections) {
        connection.close();
      }
      assertThat(all.exchanges().size() + all.lost(LossCause.TOO_MANY_PIPELINED))
          .isEqualTo(round * 1500L);
      assertThat(all.addsUp()).isTrue();
    }
  }

  @Test
  void whenTheReadHoldsMoreThanTheRequestItsArrivalIsNotKnown() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.arrived(5_000_500).rx(client.preface().get(1, "/a").take());
    connection.arrived(5_001_500).rx(client.get(3, "/b").take());
    connection.tx(
        server.headers(1, true, ":status", "200").headers(3, true, ":status", "200").take());

    assertThat(capture.exchanges().get(0).timing().queuedNs()).isZero();
    assertThat(capture.exchanges().get(1).timing().queuedNs()).isEqualTo(500);
  }
}
