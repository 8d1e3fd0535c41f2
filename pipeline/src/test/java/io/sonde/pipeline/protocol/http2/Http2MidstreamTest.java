package io.sonde.pipeline.protocol.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.RpcExchange;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Joined late, or with parts missing: told with what is known, else as unknown, never wrong. */
class Http2MidstreamTest {
  private static final Map<String, String> PATH = Map.of("protocol", "http2", "field", "path");

  private final SimulatedCapture capture = new SimulatedCapture().budgets(1 << 20, 1 << 20);
  private final Peer client = new Peer();
  private final Peer server = new Peer();

  @AfterEach
  void theAccountAddsUp() {
    assertThat(capture.addsUp()).isTrue();
  }

  @Test
  void whatRefersToWhatWasSaidBeforeIsUnknown() {
    client.get(1, "/before").take();
    SimulatedConnection connection = capture.connectedBefore();
    connection.rx(client.get(3, "/before").take());
    connection.tx(server.headers(3, true, ":status", "200").take());

    HttpExchange told = capture.exchanges().get(0);
    assertThat(told.role()).isEqualTo(Role.SERVER);
    assertThat(told.method()).isEqualTo("GET");
    assertThat(told.path()).isEmpty();
    assertThat(told.route()).isEqualTo("unknown");
    assertThat(told.statusCode()).isEqualTo(200);
    assertThat(told.errorType()).isNull();
    assertThat(capture.total("sonde_unknown_fields", PATH)).isEqualTo(1);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void whatIsSaidSinceIsKnown() {
    client.get(1, "/before").take();
    SimulatedConnection connection = capture.connectedBefore();
    connection.tx(client.get(3, "/after").take());
    connection.rx(server.headers(3, true, ":status", "200").take());
    connection.tx(client.get(5, "/after").take());
    connection.rx(server.headers(5, true, ":status", "200").take());

    assertThat(capture.exchanges())
        .extracting(HttpExchange::path)
        .containsExactly("/after", "/after");
    assertThat(capture.exchanges()).extracting(HttpExchange::role).containsOnly(Role.CLIENT);
  }

  @Test
  void aStatusThatIsNotKnownIsNoStatusAndNoError() {
    server.headers(1, true, ":status", "201").take();
    SimulatedConnection connection = capture.connectedBefore();
    connection.rx(client.get(3, "/a").take());
    connection.tx(server.headers(3, true, ":status", "201").take());

    assertThat(capture.exchanges().get(0).statusCode()).isZero();
    assertThat(capture.exchanges().get(0).errorType()).isNull();
  }

  @Test
  void aCallIsKnownByItsMessagesWhenItsContentTypeIsNot() {
    String[] head = {":status", "200", "content-type", "application/grpc"};
    client.call(1, "/a.B/C").take();
    server.headers(1, false, head).headers(1, true, "grpc-status", "0").take();
    SimulatedConnection connection = capture.connectedBefore();
    connection.rx(client.call(3, "/a.B/C").data(3, true, Peer.messages(12)).take());
    connection.tx(
        server
            .headers(3, false, head)
            .data(3, false, Peer.messages(7))
            .headers(3, true, "grpc-status", "0")
            .take());

    RpcExchange told = capture.calls().get(0);
    assertThat(told.method()).isNull();
    assertThat(told.statusCode()).isEqualTo(-1);
    assertThat(told.errorType()).isNull();
    assertThat(told.requestBytes()).isEqualTo(12);
    assertThat(told.responseMessages()).isEqualTo(1);
  }

  @Test
  void answersToWhatWasAskedBeforeAreNobodys() {
    SimulatedConnection connection = capture.connectedBefore();
    connection.tx(server.headers(9, false, ":status", "200").data(9, false, new byte[9]).take());
    connection.rx(client.get(11, "/a").take());
    connection.tx(server.data(9, true, new byte[5]).headers(11, true, ":status", "204").take());

    assertThat(capture.exchanges()).extracting(HttpExchange::statusCode).containsExactly(204);
    assertThat(capture.lost(LossCause.STARTED_MIDSTREAM)).isEqualTo(1);
  }

  @Test
  void framesThatBothSidesSendDoNotEndTheWaitForARequest() {
    SimulatedConnection connection = capture.connectedBefore();
    for (int i = 0; i < 20; i++) {
      connection.tx(client.ping().take()).rx(server.ping().take());
    }
    connection.tx(client.get(3, "/a").take());
    connection.rx(server.headers(3, true, ":status", "200").take());

    assertThat(capture.exchanges()).extracting(HttpExchange::role).containsExactly(Role.CLIENT);
  }

  /** Node reads what came with the end of the handshake before what it has asked is told. */
  @Test
  void aServerThatIsHeardFirstWithinTlsIsNoMissedStart() {
    for (Role role : List.of(Role.CLIENT, Role.UNKNOWN)) {
      SimulatedConnection tls = handshakeOf(capture.connect(role)).readable();
      Peer asking = new Peer();
      Peer answering = new Peer();
      tls.rx(answering.settings().take()).tx(asking.preface().get(1, "/a").take());
      tls.rx(answering.headers(1, true, ":status", "204").take());
    }

    assertThat(capture.exchanges()).extracting(HttpExchange::statusCode).containsExactly(204, 204);
    assertThat(capture.exchanges()).extracting(HttpExchange::role).containsOnly(Role.CLIENT);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void whereTheClientGoesOnWithoutPrefaceTheStartWasMissed() {
    SimulatedConnection tls = handshakeOf(capture.connect(Role.CLIENT)).readable();
    tls.rx(server.settings().take()).tx(client.get(5, "/a").take());
    tls.rx(server.headers(5, true, ":status", "204").take());

    assertThat(capture.exchanges()).extracting(HttpExchange::statusCode).containsExactly(204);
    assertThat(capture.lost(LossCause.STARTED_MIDSTREAM)).isEqualTo(1);
  }

  @Test
  void aServerThatIsHeardAloneMayHaveAnsweredBefore() {
    SimulatedConnection socket = capture.connect(Role.CLIENT);
    handshakeOf(socket).readable().rx(server.settings().take());
    socket.close();

    assertThat(capture.lost(LossCause.STARTED_MIDSTREAM)).isEqualTo(1);
  }

  /** And the server's first record behind it, which may have been of what is told. */
  private static SimulatedConnection handshakeOf(SimulatedConnection socket) {
    socket.tx("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc");
    socket.rx("\u0016\u0003\u0003\u0000\u007a\u0002");
    socket.tx("\u0017\u0003\u0003\u0000\u0045\u00aa\u0001");
    socket.rx("\u0017\u0003\u0003\u0000\u0045\u00aa\u0001");
    return socket.tls();
  }

  @Test
  void aLostRecordGivesUpWhatIsOpenAndMakesTheTableUnknown() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(client.preface().get(1, "/a").take());
    connection.lose(1).rx(client.get(3, "/b").take());
    connection.tx(server.settings().headers(1, true, ":status", "200").take());
    connection.rx(client.get(5, "/b").take());
    connection.rx(client.get(7, "/c").take());
    connection.tx(
        server.headers(3, true, ":status", "200").headers(5, true, ":status", "200").take());
    connection.tx(server.headers(7, true, ":status", "200").take());

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("", "/c");
    assertThat(capture.lost(LossCause.RECORD_LOST)).isEqualTo(2);
    assertThat(capture.lost()).isEqualTo(2);
  }

  @Test
  void whereTheHeaderOfAFrameWasNotCapturedStepIsLostAndFoundAgain() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(client.preface().get(1, "/a").take());
    connection.sendfile(server.headers(1, true, ":status", "200").take().length);
    connection.rx(client.get(3, "/b").take());
    connection.tx(server.ping().headers(3, true, ":status", "200").take());

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/b");
    assertThat(capture.lost(LossCause.HTTP2_LOST_STEP)).isEqualTo(1);
    assertThat(capture.lost()).isEqualTo(1);
  }

  @Test
  void aRequestThatWasNotSeenIsCountedAndItsAnswerIsNobodys() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(client.preface().take());
    connection.uncapturableRx(client.get(1, "/a").take().length);
    connection.tx(server.settings().headers(1, true, ":status", "200").take());
    connection.rx(client.get(3, "/a").take());
    connection.tx(server.headers(3, true, ":status", "200").take());

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("");
    assertThat(capture.lost(LossCause.HTTP2_LOST_STEP)).isEqualTo(1);
  }

  @Test
  void aBrokenBlockOfFieldsMakesItsRequestUnknown() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(client.preface().frame(1, 5, 1, new byte[] {(byte) 0xff, 0x7f}).take());
    connection.tx(server.settings().headers(1, true, ":status", "200").take());

    HttpExchange told = capture.exchanges().get(0);
    assertThat(told.method()).isEqualTo("_OTHER");
    assertThat(told.route()).isEqualTo("unknown");
    assertThat(told.truncated()).isTrue();
  }

  @Test
  void fieldsWithoutEndAreGivenUp() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(client.preface().frame(1, 1, 1, new byte[16_384]).take());
    for (int i = 0; i < 20; i++) {
      connection.rx(client.frame(9, 0, 1, new byte[16_384]).take());
    }
    connection.rx(client.frame(9, 4, 1, new byte[0]).get(3, "/next").take());
    connection.tx(
        server
            .settings()
            .headers(1, true, ":status", "431")
            .headers(3, true, ":status", "200")
            .take());

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("", "/next");
    assertThat(capture.exchanges().get(0).statusCode()).isEqualTo(431);
  }

  @Test
  void anAnswerThatWentByBeforeFramesWereFoundIsNotTakenForNone() {
    SimulatedConnection connection = capture.connectedBefore();
    connection.rx(client.get(3, "/a").take());
    connection.tx(server.data(1, false, new byte[9]).headers(3, true, ":status", "200").take());
    connection.tx(server.ping().take());
    capture.stats(SimulatedCapture.TIMEOUT);
    connection.close();

    assertThat(capture.exchanges()).isEmpty();
    assertThat(capture.lost(LossCause.HTTP2_LOST_STEP)).isEqualTo(1);
  }

  @Test
  void theLengthOfPaddingThatWasNotCapturedIsNotReadFromElsewhere() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    byte[] paddedAndPrior = {0, 0x7f, 0x7f, 0x7f, 0x7f, 16, (byte) 0x82, (byte) 0x86, (byte) 0x84};
    byte[] frame = client.frame(1, 0x2d, 1, paddedAndPrior).take();
    connection.rx(client.preface().take());
    connection.rx(Arrays.copyOf(frame, FrameHeader.LENGTH)).uncapturableRx(2);
    connection.rx(Arrays.copyOfRange(frame, FrameHeader.LENGTH + 2, frame.length));
    connection.tx(server.settings().headers(1, true, ":status", "200").take());

    assertThat(capture.exchanges()).extracting(HttpExchange::statusCode).containsExactly(200);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void contentsThatMayBePaddingAreNoMessages() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(client.preface().call(1, "/a.B/C").data(1, true, Peer.messages(1)).take());
    connection.tx(
        server
            .settings()
            .headers(1, false, ":status", "200", "content-type", "application/grpc")
            .take());
    byte[] frame = server.paddedData(1, false, Peer.messages(10), 20).take();
    connection.tx(Arrays.copyOf(frame, FrameHeader.LENGTH)).sendfile(1);
    connection.tx(Arrays.copyOfRange(frame, FrameHeader.LENGTH + 1, frame.length));
    connection.tx(server.headers(1, true, "grpc-status", "0").take());

    RpcExchange told = capture.calls().get(0);
    assertThat(told.responseMessages()).isEqualTo(-1);
    assertThat(told.responseBytes()).isEqualTo(-1);
    assertThat(told.requestMessages()).isEqualTo(1);
  }

  @Test
  void aRequestWhoseSizeIsNotKnownMayTimeOutLikeAnyOther() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(
        client
            .preface()
            .headers(1, false, ":method", "PUT", ":scheme", "http", ":path", "/a")
            .take());
    byte[] frame = client.paddedData(1, true, new byte[10], 20).take();
    connection.rx(Arrays.copyOf(frame, FrameHeader.LENGTH)).uncapturableRx(1);
    connection.rx(Arrays.copyOfRange(frame, FrameHeader.LENGTH + 1, frame.length));
    capture.stats(SimulatedCapture.TIMEOUT);

    assertThat(capture.exchanges()).extracting(HttpExchange::errorType).containsExactly("timeout");
    assertThat(capture.exchanges().get(0).requestBodyBytes()).isEqualTo(-1);
  }

  @Test
  void aRequestWhoseFieldsHadBegunIsLostWithTheRecordsBehindThem() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(client.preface().frame(1, 1, 1, new byte[] {(byte) 0x82}).take());
    connection.lose(1).rx(client.ping().take());
    connection.rx(client.ping().take());

    assertThat(capture.lost(LossCause.RECORD_LOST)).isEqualTo(2);
  }

  @Test
  void aRequestWhoseFieldsHadBegunIsLostWithItsConnection() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(client.preface().frame(1, 1, 1, new byte[] {(byte) 0x82}).take());
    capture.end();

    assertThat(capture.lost(LossCause.UNFINISHED)).isEqualTo(1);
  }
}
