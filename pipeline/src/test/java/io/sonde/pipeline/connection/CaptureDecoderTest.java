package io.sonde.pipeline.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.CaptureStats;
import io.sonde.pipeline.event.ProcessExited;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CaptureDecoderTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final SimulatedCapture capture = new SimulatedCapture(3);

  @AfterEach
  void theAccountAddsUp() {
    assertThat(capture.addsUp()).isTrue();
  }

  @Test
  void theConnectionIdleLongestIsForgottenInAFullTable() {
    SimulatedConnection first = capture.connect(Role.SERVER).rx(GET);
    SimulatedConnection second = capture.connect(Role.SERVER).rx(GET);
    capture.connect(Role.SERVER).rx(GET);
    first.summary();
    capture.connect(Role.SERVER);

    assertThat(capture.lost(LossCause.CONNECTION_EXPIRED)).isEqualTo(1);
    assertThat(capture.open()).isEqualTo(2);
    second.tx(OK);
    assertThat(capture.lost(LossCause.UNKNOWN_CONNECTION)).isEqualTo(1);
    first.tx(OK);
    assertThat(capture.exchanges()).hasSize(1);
  }

  @Test
  void whatIsReadBehindAResetIsCountedAsThat() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.close(true, false);
    connection.rx(GET);

    assertThat(capture.lost(LossCause.AFTER_CLOSE)).isEqualTo(1);
    assertThat(capture.lost()).isEqualTo(1);
    assertThat(capture.exchanges()).isEmpty();
  }

  @Test
  void manyConnectionsComeAndGoWithoutATrace() {
    for (int i = 0; i < 10_000; i++) {
      capture.connect(Role.SERVER).rx(GET).tx(OK).close();
    }
    assertThat(capture.exchanges()).hasSize(10_000);
    assertThat(capture.decoder.trackedConnections()).isZero();
    assertThat(capture.lost()).isZero();
  }

  @Test
  void aConnectionAnnouncedAgainGoesOn() {
    SimulatedConnection connection = capture.connect(Role.SERVER).rx(GET);
    connection.announce().tx(OK);
    assertThat(capture.exchanges()).hasSize(1);
  }

  @Test
  void openExchangesOfACaptureThatEndsAreUnfinished() {
    capture.connect(Role.SERVER).rx(GET);
    capture.connect(Role.CLIENT).tx(GET);
    capture.decoder.close();
    assertThat(capture.lost(LossCause.UNFINISHED)).isEqualTo(2);
    assertThat(capture.exchanges()).isEmpty();
  }

  @Test
  void aLostAnswerIsCountedWithItsRequestAndTheNextPairIsRight() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.rx(GET).lose(1).tx(OK).rx("GET /next HTTP/1.1\r\n\r\n").tx(OK);

    assertThat(capture.lost(LossCause.RECORD_LOST)).as("the record, the request").isEqualTo(2);
    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/next");
  }

  @Test
  void whatIsMissingIsKnownBeforeItIsTakenForLost() {
    SimulatedConnection connection = capture.connect(Role.SERVER).rx(GET);
    assertThat(connection.missing()).as("of the first record nobody knows").isZero();
    assertThat(connection.tx(OK).missing()).isZero();
    assertThat(connection.lose(2).rx(GET).tx(OK).rx(GET).missing()).isEqualTo(2);
    assertThat(connection.tx(OK).missing()).isZero();
  }

  @Test
  void nothingIsMissedOfWhatNobodyReads() {
    SimulatedConnection ssh = capture.connect(Role.SERVER).tx("SSH-2.0-x\r\n").rx("SSH-2.0-y\r\n");
    assertThat(ssh.lose(1).tx("key").rx("key").missing()).isZero();
    capture.decoder.close();
    assertThat(ssh.rx("key").missing()).as("not tracked any more").isZero();
  }

  @Test
  void withinTlsTheRecordsOfTheSessionAreMissedAndNotThoseOfTheSocket() {
    SimulatedConnection socket = capture.connect(Role.SERVER);
    SimulatedConnection tls = socket.tls().readable().rx(GET).tx(OK);
    assertThat(tls.lose(1).rx(GET).tx(OK).missing()).isEqualTo(1);
    socket.lose(1).rx(GET).close();
    assertThat(socket.missing()).isZero();
  }

  @Test
  void aLostRequestNeverGetsAnothersAnswer() {
    SimulatedConnection connection = capture.connect(Role.SERVER).rx(GET).tx(OK);
    connection.lose(1).rx("GET /lost HTTP/1.1\r\n\r\n");
    connection.tx("HTTP/1.1 500 Lost\r\nContent-Length: 0\r\n\r\n");
    connection.rx("GET /kept HTTP/1.1\r\n\r\n").tx(OK);

    assertThat(capture.lost(LossCause.RECORD_LOST)).isEqualTo(1);
    assertThat(capture.exchanges())
        .extracting(HttpExchange::path, HttpExchange::statusCode)
        .containsExactly(tuple("/", 200), tuple("/kept", 200));
  }

  @Test
  void afterALossAPipeliningConnectionIsNotTrusted() {
    SimulatedConnection connection = capture.connect(Role.SERVER).rx(GET + GET + GET);
    connection.tx(OK).lose(1).tx(OK).rx("GET /wrong HTTP/1.1\r\n\r\n").tx(OK).tx(OK);

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/");
    assertThat(capture.lost(LossCause.RECORD_LOST))
        .as("the record, two requests, the turn that could not be trusted")
        .isEqualTo(4);
  }

  @Test
  void anotherProtocolIsCountedOncePerConnection() {
    SimulatedConnection tls = capture.connect(Role.SERVER);
    tls.rx("\u0016\u0003\u0001\u0002\u0000\u0001").tx("\u0016\u0003\u0003").rx(GET).tx(OK).close();
    capture.connect(Role.SERVER).tx("220 mail.example ESMTP\r\n").rx("EHLO me\r\n").close();

    assertThat(capture.lost(LossCause.TLS)).isEqualTo(1);
    assertThat(capture.lost(LossCause.NOT_HTTP)).isEqualTo(1);
    assertThat(capture.lost()).isEqualTo(2);
    assertThat(capture.exchanges()).isEmpty();
  }

  @Test
  void anOlderConnectionInTheMiddleOfAnAnswerIsReadFromTheNextRequestOn() {
    SimulatedConnection connection = capture.connectedBefore();
    connection.tx("the rest of some page").rx(GET).tx(OK).close();

    assertThat(capture.lost(LossCause.STARTED_MIDSTREAM)).isEqualTo(1);
    assertThat(capture.exchanges()).hasSize(1);
    assertThat(capture.exchanges().get(0).role()).isEqualTo(Role.SERVER);
  }

  @Test
  void anOlderConnectionThatNeverSpeaksHttpIsGivenUp() {
    SimulatedConnection connection = capture.connectedBefore();
    for (int i = 0; i < 10; i++) {
      connection.rx("query").tx("result");
    }
    connection.rx(GET).tx(OK);

    assertThat(capture.lost(LossCause.STARTED_MIDSTREAM)).isEqualTo(1);
    assertThat(capture.lost(LossCause.NOT_HTTP)).isEqualTo(1);
    assertThat(capture.exchanges()).isEmpty();
  }

  @Test
  void aFirstOperationThatCouldNotBeCapturedIsCounted() {
    SimulatedConnection connection = capture.connect(Role.SERVER).sendfile(100);
    connection.rx(GET).tx(OK);
    assertThat(capture.lost(LossCause.HEAD_NOT_CAPTURED)).isEqualTo(1);
    assertThat(capture.exchanges()).hasSize(1);
  }

  @Test
  void aServerOfWhichNothingCanBeCapturedIsCountedByItsTurns() {
    SimulatedConnection connection = capture.connect(Role.SERVER);
    for (int i = 0; i < 10; i++) {
      connection.uncapturableRx(50).sendfile(100);
    }
    assertThat(capture.lost(LossCause.HEAD_NOT_CAPTURED)).isEqualTo(10);
    assertThat(capture.lost()).isEqualTo(10);
  }

  @Test
  void aRequestCapturedAfterOneThatWasNotIsPairedRightly() {
    SimulatedConnection connection = capture.connect(Role.SERVER).rx(GET).tx(OK);
    connection.uncapturableRx(50).tx("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
    connection.rx("GET /seen HTTP/1.1\r\n\r\n").tx(OK);

    assertThat(capture.lost(LossCause.HEAD_NOT_CAPTURED)).isEqualTo(1);
    assertThat(capture.exchanges())
        .extracting(HttpExchange::path, HttpExchange::statusCode)
        .containsExactly(tuple("/", 200), tuple("/seen", 200));
  }

  @Test
  void theServiceIsTheProcessThatFirstReadTheRequest() {
    capture.decoder.processStarted(SimulatedCapture.process(5000, 7, "/usr/bin/worker"));
    SimulatedConnection connection = capture.connect(Role.SERVER);
    connection.by(5000).rx(GET.substring(0, 5));
    connection.by(SimulatedCapture.PID).rx(GET.substring(5)).tx(OK);

    assertThat(capture.exchanges().get(0).service().name()).isEqualTo("worker");
    assertThat(capture.exchanges().get(0).tid()).isEqualTo(SimulatedCapture.TID);
  }

  @Test
  void anExchangeOfAnUnannouncedProcessIsCountedNotGuessed() {
    SimulatedConnection connection = capture.connect(Role.SERVER).by(9).rx(GET).tx(OK);
    connection.by(SimulatedCapture.PID).rx(GET).tx(OK);

    assertThat(capture.lost(LossCause.UNKNOWN_PROCESS)).isEqualTo(1);
    assertThat(capture.exchanges()).hasSize(1);
  }

  @Test
  void aReusedPidDoesNotInheritTheService() {
    capture.decoder.processExited(new ProcessExited(SimulatedCapture.PID, 1, capture.now));
    SimulatedConnection connection = capture.connect(Role.SERVER).rx(GET).tx(OK);
    capture.decoder.processStarted(
        SimulatedCapture.process(SimulatedCapture.PID, 2, "/usr/bin/node"));
    connection.rx(GET).tx(OK);

    assertThat(capture.lost(LossCause.UNKNOWN_PROCESS)).isEqualTo(1);
    assertThat(capture.exchanges().get(0).service().name()).isEqualTo("node");
  }

  @Test
  void theLatestOffsetToWallTimeCounts() {
    capture.decoder.stats(new CaptureStats(0, 77, Map.of()));
    capture.connect(Role.SERVER).rx(GET).tx(OK);
    assertThat(capture.exchanges().get(0).timing().realtimeOffsetNs()).isEqualTo(77);
  }
}
