package io.sonde.pipeline.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.event.TlsMatch;
import io.sonde.pipeline.exchange.HttpExchange;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions that the kernel does not know the socket of, at first or ever. */
class TlsSessionsTest {
  private static final HeldPlaintext.Limits LIMITS = HeldPlaintext.Limits.DEFAULT;
  private static final String GET = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final SimulatedCapture capture = new SimulatedCapture();

  @AfterEach
  void theAccountAddsUp() {
    assertThat(capture.addsUp()).isTrue();
    capture.end();
    assertThat(capture.addsUp()).isTrue();
  }

  @Test
  void whatIsHeldIsToldOnceTheConnectionIsKnown() {
    SimulatedConnection tls = capture.connect(Role.SERVER).tlsInMemory();
    long arrived = capture.now + 10;
    tls.arrived(arrived).rx(GET);
    assertThat(capture.open()).isZero();
    tls.tx(OK).matched(TlsMatch.THREAD).rx(get("/b")).tx(OK);

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/a", "/b");
    HttpExchange first = capture.exchanges().get(0);
    assertThat(first.scheme()).isEqualTo("https");
    assertThat(first.timing().arrivedNs()).isEqualTo(arrived);
    assertThat(first.timing().startedNs()).isEqualTo(arrived + 990);
    assertThat(first.threads()).as("its thread has gone on").isNull();
    assertThat(capture.lost()).isZero();
  }

  @Test
  void aSummaryThatNamesTheConnectionIsEnough() {
    SimulatedConnection tls = capture.connect(Role.CLIENT).tlsInMemory();
    tls.tx(GET).matched(TlsMatch.IO).summary();
    assertThat(capture.open()).isEqualTo(1);
    tls.rx(OK);

    assertThat(capture.exchanges()).hasSize(1);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void whatIsHeldTooLongIsCounted() {
    SimulatedConnection tls = capture.connect(Role.SERVER).tlsInMemory().rx(GET).tx(OK);
    capture.stats(Duration.ofNanos(LIMITS.ageNs() / 2));
    assertThat(capture.lost()).isZero();
    capture.stats(Duration.ofNanos(LIMITS.ageNs()));

    assertThat(capture.lost(LossCause.TLS_UNMATCHED)).isEqualTo(2);
    assertThat(unmatched()).isEqualTo(1);
    tls.matched(TlsMatch.IO).rx(get("/b")).tx(OK);
    assertThat(capture.exchanges()).as("read again from here").hasSize(1);
    assertThat(capture.lost()).isEqualTo(2);
  }

  @Test
  void aSessionThatSaidNothingIsNoLoss() {
    capture.connect(Role.SERVER).tlsInMemory().summary();
    capture.end();
    assertThat(capture.lost()).isZero();
    assertThat(unmatched()).isZero();
  }

  @Test
  void noSessionIsHeldBeyondItsRecords() {
    SimulatedConnection tls = capture.connect(Role.SERVER).tlsInMemory();
    for (int i = 0; i <= LIMITS.records(); i += 2) {
      tls.rx(GET).tx(OK);
    }
    assertThat(capture.lost(LossCause.TLS_UNMATCHED)).isGreaterThan(LIMITS.records());
  }

  @Test
  void noMoreSessionsAreHeldThanTheLimit() {
    SimulatedConnection socket = capture.connect(Role.SERVER);
    SimulatedConnection first = socket.tlsInMemory().rx(GET);
    for (int i = 1; i < LIMITS.sessions(); i++) {
      socket.tlsInMemory().rx(GET);
    }
    assertThat(capture.lost()).isZero();
    SimulatedConnection last = socket.tlsInMemory().rx(GET);
    assertThat(capture.lost(LossCause.TLS_UNMATCHED)).as("the first").isEqualTo(1);

    last.matched(TlsMatch.IO).tx(OK);
    assertThat(capture.exchanges()).hasSize(1);
    first.matched(TlsMatch.IO).rx(get("/b"));
    assertThat(capture.open()).isEqualTo(1);
  }

  @Test
  void noMoreBytesAreHeldThanTheLimit() {
    capture.budgets(1 << 14, 1 << 14);
    byte[] large = new byte[1 << 14];
    int sessions = (int) (LIMITS.bytes() / large.length);
    for (int i = 0; i < sessions; i++) {
      capture.connect(Role.SERVER).tlsInMemory().rx(large);
    }
    long lost = capture.lost(LossCause.TLS_UNMATCHED);
    assertThat(lost).isPositive();
    assertThat((sessions - lost) * large.length).isLessThan(LIMITS.bytes());
  }

  @Test
  void whatContradictsItselfIsCountedAndSoIsWhatItHadBegun() {
    SimulatedConnection socket = capture.connect(Role.SERVER);
    SimulatedConnection tls = socket.tlsInMemory().matched(TlsMatch.THREAD).readable();
    tls.rx(GET).tx(OK).rx(get("/b"));
    assertThat(capture.open()).isEqualTo(1);
    tls.matched(TlsMatch.CONFLICT).tx(OK).rx(get("/c")).summary();
    socket.close();

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/a");
    assertThat(capture.lost(LossCause.TLS_UNMATCHED))
        .as("the request, two operations after it")
        .isEqualTo(3);
    assertThat(capture.lost()).isEqualTo(3);
    assertThat(unmatched()).isEqualTo(1);
  }

  @Test
  void whatIsHeldOfASessionThatContradictsItselfIsCounted() {
    SimulatedConnection tls = capture.connect(Role.SERVER).tlsInMemory().rx(GET).tx(OK);
    tls.matched(TlsMatch.CONFLICT).summary();

    assertThat(capture.lost(LossCause.TLS_UNMATCHED)).isEqualTo(2);
    assertThat(unmatched()).isEqualTo(1);
  }

  @Test
  void afterAContradictionAnotherSessionOfTheConnectionIsRead() {
    SimulatedConnection socket = capture.connect(Role.SERVER);
    socket.tls().readable().rx(GET).matched(TlsMatch.CONFLICT).summary();
    socket.tls().readable().rx(get("/b")).tx(OK);

    assertThat(capture.exchanges()).extracting(HttpExchange::path).containsExactly("/b");
    assertThat(capture.lost(LossCause.TLS_UNMATCHED)).isEqualTo(1);
  }

  @Test
  void aSessionOfAConnectionThatIsGoneContradictsNothing() {
    SimulatedConnection socket = capture.connect(Role.SERVER);
    SimulatedConnection tls = socket.tls().readable().rx(GET).tx(OK);
    socket.close();
    tls.matched(TlsMatch.CONFLICT).summary();

    assertThat(capture.exchanges()).hasSize(1);
    assertThat(capture.lost()).isZero();
  }

  @Test
  void aThreadThatWasSeenAtWorkForAnUnknownConnectionIsNotBelieved() {
    SimulatedConnection served = capture.connect(Role.SERVER).waiting().rx(GET);
    capture.connect(Role.CLIENT).tlsInMemory().tx(get("/called"));
    served.tx(OK);

    assertThat(capture.exchanges().get(0).threads().finding().name()).isEqualTo("SEVERAL_REQUESTS");
  }

  private long unmatched() {
    return capture.total("sonde_tls_connections", Map.of("result", "unmatched"));
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }
}
