package io.sonde.pipeline.linking;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LinkResult;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.linking.SimulatedGo.Goroutine;
import io.sonde.pipeline.linking.SimulatedGo.Pooled;
import org.junit.jupiter.api.Test;

/**
 * Goroutines as a capture tells of them, and which calls become children. A call to {@code /for/a}
 * is made for the request {@code /a}, one to {@code /alone} for none.
 */
class GoroutineLinkTest extends LinkTestCase {
  private static final int OTHER_PROCESS = 98;

  private final SimulatedGo go = new SimulatedGo(capture, SimulatedCapture.PID);
  private final Goroutine acceptor = go.create(go.main);
  private final Goroutine handler = go.create(acceptor);

  @Test
  void aCallByTheGoroutineThatReadTheRequestIsItsChild() {
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    go.get(handler, "/for/a");
    assertThat(traces).isEmpty();
    server.tx(OK);
    assertChild("/for/a", "/a");
  }

  @Test
  void soIsOneByAGoroutineThatItCreatedOrThatThatOneDid() {
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    Goroutine child = go.create(handler);
    go.get(child, "/for/a/1");
    go.get(go.create(child), "/for/a/2");
    go.get(go.create(go.create(child)), "/for/a/3");
    server.tx(OK);
    assertChild("/for/a/1", "/a");
    assertChild("/for/a/2", "/a");
    assertChild("/for/a/3", "/a");
  }

  @Test
  void whatIsFurtherFromTheRequestThanIsToldHasNoParent() {
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    go.get(go.create(go.create(go.create(go.create(handler)))), "/for/a");
    server.tx(OK);
    assertRoot("/for/a", LinkResult.LINEAGE_UNKNOWN);
  }

  @Test
  void requestsSideBySideHaveTheirOwnCalls() {
    Goroutine other = go.create(acceptor);
    SimulatedConnection a = go.serves(handler).rx(get("/a"));
    SimulatedConnection b = go.serves(other).rx(get("/b"));
    Goroutine childOfA = go.create(handler);
    Goroutine childOfB = go.create(other);
    Pooled pooled = go.dial(childOfA);
    pooled.get(childOfB, "/for/b").get(childOfA, "/for/a");
    b.tx(OK);
    a.tx(OK);
    assertChild("/for/a", "/a");
    assertChild("/for/b", "/b");
  }

  @Test
  void aWorkerThatIsOlderThanAllRequestsWorksForNobodyInParticular() {
    Goroutine worker = go.create(go.main);
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    go.get(worker, "/alone");
    server.tx(OK);
    assertRoot("/alone", LinkResult.NO_REQUEST);
  }

  @Test
  void soDoesOneThatIsOlderThanTheCapture() {
    Goroutine worker = go.createUnseen(go.createUnseen(go.main));
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    go.tellCalls(worker, 0, new Goroutine(worker.id(), null, 0), capture.later());
    go.as(worker, client()).tx(get("/alone")).rx(OK);
    server.tx(OK);
    assertRoot("/alone", LinkResult.LINEAGE_UNKNOWN);
  }

  @Test
  void aWorkerThatAnEarlierRequestOfTheConnectionCreatedIsNotTheLatersOwn() {
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    Goroutine worker = go.create(handler);
    server.tx(OK).rx(get("/b"));
    go.get(worker, "/for/a");
    server.tx(OK);
    assertRoot("/for/a", LinkResult.OLDER_GOROUTINE);
  }

  @Test
  void aGoroutineThatOutlivesItsRequestMayWorkForAnybodyByThen() {
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    Goroutine worker = go.create(handler);
    server.tx(OK);
    go.get(worker, "/alone");
    assertRoot("/alone", LinkResult.AFTER_ANSWER);
  }

  @Test
  void aCallThatOutlivesItsRequestIsItsChild() {
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    Pooled slow = go.dial(handler).tell(handler).write("/for/a");
    server.tx(OK).rx(get("/b"));
    slow.answer();
    server.tx(OK);
    assertChild("/for/a", "/a");
  }

  @Test
  void aCallAfterAnAnswerWhoseEndTheCloseTellsIsNot() {
    SimulatedConnection server = go.serves(handler).rx(get("/a")).tx("HTTP/1.0 200 OK\r\n\r\nall");
    go.get(handler, "/alone");
    server.close();
    assertRoot("/alone", LinkResult.NO_REQUEST);
  }

  @Test
  void theSecondRequestOfAConnectionHasItsOwnCalls() {
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    go.get(handler, "/for/a");
    server.tx(OK).rx(get("/b"));
    go.get(go.create(handler), "/for/b");
    server.tx(OK);
    assertChild("/for/a", "/a");
    assertChild("/for/b", "/b");
  }

  @Test
  void aClientThatWritesForItselfMakesTheCall() {
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    go.as(handler, client()).tx(get("/for/a")).rx(OK);
    server.tx(OK);
    assertChild("/for/a", "/a");
  }

  @Test
  void whereItIsNotToldWhoCallsTheOneThatWritesIsNotTakenForThat() {
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    go.dial(handler).write("/for/a").answer();
    server.tx(OK);
    assertRoot("/for/a", LinkResult.CALLER_UNKNOWN);
  }

  @Test
  void whatIsToldOfACallSaysNothingOfTheNext() {
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    Pooled pooled = go.dial(handler).get(handler, "/for/a/1");
    pooled.write("/alone").answer();
    server.tx(OK);
    assertChild("/for/a/1", "/a");
    assertThat(trace("/alone").parent().isValid()).isFalse();
  }

  @Test
  void whatIsToldOfACallThatIsLostSaysNothingOfTheNext() {
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    Pooled pooled = go.dial(handler);
    pooled.connection.lose(1);
    pooled.get(handler, "/lost");
    pooled.write("/alone").answer();
    server.tx(OK);
    assertThat(traces).allMatch(trace -> !trace.parent().isValid());
  }

  @Test
  void aCallThatIsBegunForOneRequestAndWrittenDuringTheNextIsNotTheNexts() {
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    Pooled pooled = go.dial(handler);
    long begun = capture.later();
    server.tx(OK).rx(get("/b"));
    pooled.tell(handler, begun).write("/for/a").answer();
    server.tx(OK);
    assertRoot("/for/a", LinkResult.OLDER_GOROUTINE);
  }

  @Test
  void theGoroutineThatWaitsForTheClientToLeaveMayReadTheFirstByteOfARequest() {
    String request = get("/b");
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    Goroutine background = go.create(handler);
    server.tx(OK);
    go.as(background, server).rx(request.substring(0, 1));
    go.as(handler, server).rx(request.substring(1));
    go.get(handler, "/for/b/1");
    go.get(go.create(handler), "/for/b/2");
    server.tx(OK);
    assertChild("/for/b/1", "/b");
    assertChild("/for/b/2", "/b");
  }

  @Test
  void aHandlerThatGoesOnAfterItsAnswerMeanwhileDoesNotServeThatRequest() {
    String request = get("/b");
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    Goroutine background = go.create(handler);
    server.tx(OK);
    go.as(background, server).rx(request.substring(0, 1));
    go.get(handler, "/for/a/1");
    go.get(go.create(handler), "/for/a/2");
    Goroutine late = go.create(handler);
    go.as(handler, server).rx(request.substring(1));
    go.get(late, "/for/a/3");
    server.tx(OK);
    assertThat(account.total(LinkResult.LINKED)).isZero();
    assertThat(account.total(LinkResult.AFTER_ANSWER)).isEqualTo(2);
    assertThat(account.total(LinkResult.OLDER_GOROUTINE)).isEqualTo(1);
  }

  @Test
  void ofPipelinedRequestsItIsNotKnownWhich() {
    SimulatedConnection server = go.serves(handler).rx(get("/a") + get("/b"));
    go.get(handler, "/for/a");
    server.tx(OK).tx(OK);
    assertRoot("/for/a", LinkResult.SEVERAL_REQUESTS);
  }

  @Test
  void ofARequestThatCameWithTheBeginOfTheNextTheCallsAreItsOwn() {
    String next = get("/b");
    SimulatedConnection server = go.serves(handler).rx(get("/a") + next.substring(0, 9));
    Pooled slow = go.dial(handler).tell(handler).write("/for/a");
    server.tx(OK).rx(next.substring(9));
    go.get(handler, "/for/b");
    server.tx(OK);
    slow.answer();
    server.close();
    assertChild("/for/a", "/a");
    assertThat(trace("/for/b").parent().isValid()).isFalse();
  }

  @Test
  void aBodyThatAnotherGoroutineReadsOrAnAnswerThatItWritesIsStillTheHandlersRequest() {
    Goroutine copier = go.create(handler);
    SimulatedConnection server =
        go.serves(handler).rx("POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nab");
    go.as(copier, server).rx("cd");
    go.get(handler, "/for/a");
    go.as(copier, server).tx(OK);
    assertChild("/for/a", "/a");
  }

  @Test
  void theCallsOfARequestThatIsNeverAnsweredAreStillItsOwn() {
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    go.get(handler, "/for/a/1");
    server.close(true, false);
    go.get(handler, "/for/a/2");
    assertChild("/for/a/1", "/a");
    assertThat(trace("/for/a/2").parent().isValid()).isFalse();
  }

  @Test
  void anEventLoopIsNotBelieved() {
    SimulatedConnection a = go.serves(handler).rx(get("/a"));
    SimulatedConnection b = go.serves(handler).rx(get("/b"));
    go.get(handler, "/for/a");
    a.tx(OK);
    b.tx(OK);
    assertRoot("/for/a", LinkResult.SEVERAL_REQUESTS);
    SimulatedConnection c = go.serves(handler).rx(get("/c"));
    go.get(go.create(handler), "/for/c");
    c.tx(OK);
    assertThat(account.total(LinkResult.SEVERAL_REQUESTS)).isEqualTo(2);
  }

  @Test
  void aWorkerWithOneConnectionAfterTheOtherIsBelieved() {
    SimulatedConnection a = go.serves(handler).rx(get("/a")).tx(OK);
    a.close();
    SimulatedConnection b = go.serves(handler).rx(get("/b"));
    go.get(handler, "/for/b");
    b.tx(OK);
    assertChild("/for/b", "/b");
  }

  @Test
  void aGoroutineOfAnotherProcessIsNotTheSame() {
    capture.start(OTHER_PROCESS);
    SimulatedGo others = new SimulatedGo(capture, OTHER_PROCESS);
    Goroutine same = new Goroutine(handler.id(), others.main, capture.later());
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    others.get(same, "/alone");
    server.tx(OK);
    assertRoot("/alone", LinkResult.NO_REQUEST);
  }

  @Test
  void aHijackedConnectionServesNoRequestAnyMore() {
    SimulatedConnection server =
        go.serves(handler)
            .rx("GET /a HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
            .tx("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n");
    go.get(handler, "/alone/1");
    server.rx("\u0081\u0005hello");
    go.get(handler, "/alone/2");
    server.tx("\u0081\u0005hello").close();
    assertThat(account.total(LinkResult.LINKED)).isZero();
    assertThat(trace("/alone/1").parent().isValid()).isFalse();
    assertThat(trace("/alone/2").parent().isValid()).isFalse();
  }

  @Test
  void lostRecordsLeaveNoWrongParent() {
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    go.get(handler, "/for/a");
    server.lose(2).tx(OK).rx(get("/b"));
    go.get(handler, "/for/b");
    server.tx(OK).close();
    assertThat(traces).allMatch(trace -> !trace.parent().isValid());
  }

  @Test
  void whatAThreadOfTheProcessDoesIsNotAskedFor() {
    SimulatedConnection server = go.serves(handler).waiting().rx(get("/a"));
    Goroutine other = go.create(go.main);
    go.as(other, client()).tx(get("/alone")).rx(OK);
    server.tx(OK);
    assertRoot("/alone", LinkResult.CALLER_UNKNOWN);
  }
}
