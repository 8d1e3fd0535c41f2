package io.sonde.pipeline.linking;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LinkResult;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Reads and writes of threads as a capture tells them, and which calls become children. Paths name
 * the truth: a call to {@code /for/a} is made for the request {@code /a}, one to {@code /alone} for
 * none.
 */
class ThreadLinkTest extends LinkTestCase {
  private static final int OTHER_THREAD = 99;
  private static final int OTHER_PROCESS = 98;
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String OTHER = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";

  private SimulatedConnection server() {
    return capture.connect(Role.SERVER).waiting();
  }

  @Test
  void aCallByTheThreadThatServesOneRequestIsItsChild() {
    SimulatedConnection server = server().rx(get("/a"));
    client().tx(get("/for/a")).rx(OK);
    assertThat(traces).isEmpty();
    assertThat(counted).extracting(HttpExchange::path).containsExactly("/for/a");
    server.tx(OK);
    assertChild("/for/a", "/a");
    assertThat(traces).extracting(Trace::exchange).isEqualTo(List.of(last(1), last(0)));
    assertThat(counted).extracting(HttpExchange::path).containsExactly("/for/a", "/a");
    assertThat(account.total(LinkResult.LINKED)).isEqualTo(1);
  }

  private HttpExchange last(int before) {
    return capture.exchanges().get(before);
  }

  @Test
  void severalCallsAreSiblings() {
    SimulatedConnection server = server().rx(get("/a"));
    SimulatedConnection pooled = client().tx(get("/for/a/1")).rx(OK);
    pooled.tx(get("/for/a/2")).rx(OK);
    client().tx(get("/for/a/3")).rx(OK);
    server.tx(OK);
    for (int i = 1; i <= 3; i++) {
      assertChild("/for/a/" + i, "/a");
    }
  }

  @Test
  void aRetryOnAnotherConnectionIsASiblingToo() {
    SimulatedConnection server = server().rx(get("/a"));
    client().tx(get("/for/a/1")).close(true, false);
    client().tx(get("/for/a/2")).rx(OK);
    server.tx(OK);
    assertChild("/for/a/1", "/a");
    assertChild("/for/a/2", "/a");
  }

  @Test
  void aPooledConnectionGoesWithTheThreadThatUsesIt() {
    SimulatedConnection pooled = client();
    SimulatedConnection a = server().in(1).rx(get("/a"));
    SimulatedConnection b = server().in(2).rx(get("/b"));
    pooled.in(2).tx(get("/for/b")).rx(OK);
    pooled.in(1).tx(get("/for/a")).rx(OK);
    b.tx(OK);
    a.tx(OK);
    assertChild("/for/a", "/a");
    assertChild("/for/b", "/b");
  }

  @Test
  void aCallThatOutlivesItsRequestIsStillItsChild() {
    SimulatedConnection server = server().rx(get("/a"));
    SimulatedConnection slow = client().tx(get("/for/a"));
    server.tx(OK);
    slow.in(OTHER_THREAD).rx(OK);
    assertChild("/for/a", "/a");
  }

  @Test
  void aCallAfterTheAnswerIsNot() {
    server().rx(get("/a")).tx(OK);
    client().tx(get("/alone")).rx(OK);
    assertRoot("/alone", LinkResult.NO_REQUEST);
  }

  @Test
  void aCallAfterAnAnswerWhoseEndTheCloseTellsIsNot() {
    SimulatedConnection server =
        server().rx(get("/a")).tx("HTTP/1.0 200 OK\r\n\r\n").tx("as long as it takes");
    client().tx(get("/alone")).rx(OK);
    server.close();
    assertRoot("/alone", LinkResult.NO_REQUEST);
  }

  @Test
  void aCallBetweenTwoPartsOfTheAnswerIsPartOfIt() {
    SimulatedConnection server =
        server().rx(get("/a")).tx("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhi");
    client().tx(get("/for/a")).rx(OK);
    server.tx("ho");
    assertChild("/for/a", "/a");
  }

  @Test
  void theSecondRequestOfAConnectionHasItsOwnCalls() {
    SimulatedConnection server = server().rx(get("/a"));
    client().tx(get("/for/a")).rx(OK);
    server.tx(OK).rx(get("/b"));
    client().tx(get("/for/b")).rx(OK);
    server.tx(OK);
    assertChild("/for/a", "/a");
    assertChild("/for/b", "/b");
  }

  @Test
  void aRequestWithABodyThatIsAskedForIsOne() {
    SimulatedConnection server =
        server()
            .rx("POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            .tx("HTTP/1.1 100 Continue\r\n\r\n")
            .rx("ab");
    client().tx(get("/for/a")).rx(OK);
    server.tx(OK);
    assertChild("/for/a", "/a");
  }

  @Test
  void ofPipelinedRequestsItIsNotKnownWhich() {
    SimulatedConnection server = server().rx(get("/a") + get("/b"));
    client().tx(get("/for/a")).rx(OK);
    server.tx(OK).tx(OK);
    assertRoot("/for/a", LinkResult.SEVERAL_REQUESTS);
  }

  @Test
  void aThreadThatDoesNotWaitForItsRequestsMayBeAnEventLoop() {
    SimulatedConnection server = capture.connect(Role.SERVER).rx(get("/a"));
    client().tx(get("/alone")).rx(OK);
    server.tx(OK);
    assertRoot("/alone", LinkResult.NON_BLOCKING);
  }

  @Test
  void aThreadWithTwoUnansweredRequestsIsNotBelievedAgain() {
    SimulatedConnection a = server().rx(get("/a"));
    client().tx(get("/for/a")).rx(OK);
    SimulatedConnection b = server().rx(get("/b"));
    client().tx(get("/for/b")).rx(OK);
    a.tx(OK);
    b.tx(OK);
    SimulatedConnection c = server().rx(get("/c"));
    client().tx(get("/for/c")).rx(OK);
    c.tx(OK);
    assertThat(account.total(LinkResult.SEVERAL_REQUESTS)).isEqualTo(3);
    assertThat(account.total(LinkResult.LINKED)).isZero();
  }

  @Test
  void aThreadThatReturnsToARequestItHadBegunToAnswerIsFoundOut() {
    SimulatedConnection a =
        server().rx(get("/a")).tx("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhi");
    SimulatedConnection b = server().rx(get("/b"));
    client().tx(get("/for/a")).rx(OK);
    b.tx(OK);
    a.tx("ho");
    assertRoot("/for/a", LinkResult.SEVERAL_REQUESTS);
  }

  @Test
  void anEarlierAnswerWhoseEndIsNotSeenYetLeavesADoubt() {
    SimulatedConnection a = server().rx(get("/a")).tx("HTTP/1.0 200 OK\r\n\r\nall");
    SimulatedConnection b = server().rx(get("/b"));
    client().tx(get("/for/b/1")).rx(OK);
    a.close();
    client().tx(get("/for/b/2")).rx(OK);
    b.tx(OK);
    assertChild("/for/b/1", "/b");
    assertChild("/for/b/2", "/b");

    server().rx(get("/c")).tx("HTTP/1.0 200 OK\r\n\r\nall");
    SimulatedConnection d = server().rx(get("/d"));
    client().tx(get("/for/d")).rx(OK);
    d.tx(OK);
    assertThat(trace("/for/d").parent().isValid()).isFalse();
  }

  @Test
  void aRequestThatAnotherThreadAnswersWasPerhapsServedByThat() {
    SimulatedConnection server = server().rx(get("/a"));
    client().tx(get("/alone")).rx(OK);
    server.in(OTHER_THREAD).tx(OK);
    assertRoot("/alone", LinkResult.SEVERAL_THREADS);
  }

  @Test
  void aThreadThatMeanwhileWritesOnAnotherServerConnectionIsNotAlone() {
    SimulatedConnection other = server().in(OTHER_THREAD).rx(get("/b"));
    SimulatedConnection server = server().rx(get("/a"));
    client().tx(get("/for/a")).rx(OK);
    other.in(SimulatedCapture.TID).tx(OK);
    server.tx(OK);
    assertRoot("/for/a", LinkResult.SEVERAL_REQUESTS);
  }

  @Test
  void whatAServerConnectionSpeaksMakesNoDifferenceToThat() {
    SimulatedConnection other = server().in(OTHER_THREAD).rx("\u0016\u0003\u0001 not HTTP at all");
    other.in(OTHER_THREAD).tx("\u0016\u0003\u0003");
    SimulatedConnection server = server().rx(get("/a"));
    client().tx(get("/for/a")).rx(OK);
    other.in(SimulatedCapture.TID).rx("\u0017\u0003\u0003 more");
    server.tx(OK);
    assertRoot("/for/a", LinkResult.SEVERAL_REQUESTS);
  }

  @Test
  void aCallByAThreadThatServesNobodyIsARoot() {
    SimulatedConnection server = server().rx(get("/a"));
    client().in(OTHER_THREAD).tx(get("/alone")).rx(OK);
    server.tx(OK);
    assertRoot("/alone", LinkResult.NO_REQUEST);
  }

  @Test
  void aThreadIdThatAnotherProcessHasNowIsNotTheSameThread() {
    capture.start(OTHER_PROCESS);
    SimulatedConnection server = server().rx(get("/a"));
    client().by(OTHER_PROCESS).tx(get("/alone")).rx(OK);
    server.tx(OK);
    assertRoot("/alone", LinkResult.NO_REQUEST);
  }

  @Test
  void aRequestThatIsNeverAnsweredHasNoCalls() {
    SimulatedConnection server = server().rx(get("/a"));
    client().tx(get("/alone")).rx(OK);
    server.close(true, false);
    assertRoot("/alone", LinkResult.NO_ANSWER);
  }

  @Test
  void callsOfARequestThatCannotBeReportedAreTold() {
    SimulatedConnection server = server().rx(get("/a"));
    client().tx(get("/alone")).rx(OK);
    server.tx("HTTP/9 what\r\n\r\n").close();
    assertRoot("/alone", LinkResult.NOT_REPORTED);
  }

  @Test
  void whatWaitsIsToldWhenTheCaptureEnds() {
    server().rx(get("/a"));
    client().tx(get("/alone")).rx(OK);
    assertThat(traces).isEmpty();
    capture.end();
    assertRoot("/alone", LinkResult.NOT_REPORTED);
  }

  @Test
  void aRequestIsNotWaitedForLongerThanAMinute() {
    SimulatedConnection server = server().rx(get("/a"));
    client().tx(get("/for/a")).rx(OK);
    clock = HeldCalls.MAX_AGE_NS;
    capture.stats(Duration.ZERO);
    assertThat(traces).isEmpty();
    clock++;
    capture.stats(Duration.ZERO);
    assertRoot("/for/a", LinkResult.GIVEN_UP);
    server.tx(OK);
    assertThat(traces).hasSize(2);
  }

  @Test
  void moreCallsThanAreKeptAreToldAtOnce() {
    SimulatedConnection server = server().rx(get("/a"));
    SimulatedConnection pooled = client();
    for (int i = 0; i < HeldCalls.MAX_CALLS_OF_A_REQUEST + 10; i++) {
      pooled.tx(get("/for/a/" + i)).rx(OK);
    }
    assertThat(traces).hasSize(10);
    server.tx(OK);
    assertThat(account.total(LinkResult.LINKED)).isEqualTo(HeldCalls.MAX_CALLS_OF_A_REQUEST);
    assertThat(account.total(LinkResult.GIVEN_UP)).isEqualTo(10);
    assertThat(counted).hasSize(HeldCalls.MAX_CALLS_OF_A_REQUEST + 11);
    assertThat(traces).hasSameSizeAs(counted);
  }

  @Test
  void longCallsOfManyRequestsAreBoundedTogether() {
    String path = "/" + "x".repeat(4000);
    for (int i = 0; i < 2000; i++) {
      server().in(1000 + i).rx(get("/" + i));
      client().in(1000 + i).tx(get(path)).rx(OK);
    }
    assertThat(account.total(LinkResult.GIVEN_UP)).isBetween(900L, 1100L);
    capture.end();
    assertThat(account.total(LinkResult.NOT_REPORTED) + account.total(LinkResult.GIVEN_UP))
        .isEqualTo(2000);
  }

  @Test
  void aHeaderThatIsPassedOnUnchangedMakesTheCallAChildOfTheRequest() {
    SimulatedConnection server = server().rx(get("/a", PARENT));
    client().tx(get("/for/a", PARENT)).rx(OK);
    server.tx(OK);
    assertChild("/for/a", "/a");
    assertThat(trace("/a").parentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(trace("/for/a").spanId()).isNotIn("b7ad6b7169203331", trace("/a").spanId());
  }

  @Test
  void aHeaderThatTheProgramWroteItselfNamesTheParent() {
    SimulatedConnection server = server().rx(get("/a", PARENT));
    client().tx(get("/for/a", OTHER)).rx(OK);
    server.tx(OK);
    assertThat(trace("/for/a").parentSpanId()).isEqualTo("00f067aa0ba902b7");
    assertThat(account.total(LinkResult.HEADER)).isEqualTo(1);
  }

  @Test
  void aHeaderThatIsPassedOnByWhoeverElseNamesTheParentTwice() {
    SimulatedConnection server = capture.connect(Role.SERVER).rx(get("/a", PARENT));
    client().tx(get("/for/a", PARENT)).rx(OK);
    server.tx(OK);
    assertThat(trace("/a").parentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(trace("/for/a").parentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(trace("/for/a").spanId()).isNotEqualTo(trace("/a").spanId());
  }

  @Test
  void aCallOfAnUnsampledRequestIsNotSampledEither() {
    String unsampled = PARENT.substring(0, PARENT.length() - 1) + "0";
    SimulatedConnection server = server().rx(get("/a", unsampled));
    client().tx(get("/for/a")).rx(OK);
    server.tx(OK);
    assertChild("/for/a", "/a");
    assertThat(trace("/for/a").sampled()).isFalse();
  }

  @Test
  void lostRecordsLeaveNoWrongParent() {
    SimulatedConnection server = server().rx(get("/a"));
    client().tx(get("/for/a")).rx(OK);
    server.lose(2).tx(OK).rx(get("/b"));
    client().tx(get("/for/b")).rx(OK);
    server.tx(OK);
    server.close();
    assertThat(account.total(LinkResult.LINKED)).isZero();
    assertThat(traces).allMatch(trace -> !trace.parent().isValid());
  }
}
