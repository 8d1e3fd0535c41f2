package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.FailureType;
import io.sonde.pipeline.protocol.Flow;
import io.sonde.pipeline.protocol.MalformedMessageException;
import io.sonde.pipeline.protocol.Operation;
import io.sonde.pipeline.protocol.http1.BodyReader.Framing;

/**
 * Reads the requests and the answers of one connection side by side, and knows whether they are in
 * step: only then is it certain which answer is whose.
 *
 * <p>Where they are not (a head was not captured, a record lost, a message broken) all open
 * exchanges are given up and nothing is paired until a turn of the client begins with a request
 * line. A connection on which requests were pipelined is not trusted again after that: answers to
 * requests that were not seen may still be on their way.
 */
final class Lockstep {
  /** After so many turns that do not begin with a request, it is not HTTP any more. */
  private static final int MAX_UNREADABLE_TURNS = 4;

  private final ConnectionContext context;
  private final Handover handover;
  private final OpenExchanges open;
  private final MessageReader requests;
  private final MessageReader answers;

  /** Of the bytes or gap before; null: whatever comes next may begin a turn. */
  private Flow turn;

  /** The request being read was only guessed to begin there. */
  private boolean tentative;

  private int unreadableTurns;
  private boolean pipelined;

  /** Why the messages were last out of step. */
  private LossCause lostBy = LossCause.HEAD_NOT_CAPTURED;

  private long lastAnswerNs;

  Lockstep(
      ConnectionContext context,
      Http1Protocol shared,
      OpenExchanges open,
      Handover handover,
      boolean midstream) {
    this.context = context;
    this.handover = handover;
    this.open = open;
    this.requests =
        new MessageReader(
            new RequestMessages(context, shared.requestHead, open, this),
            true,
            shared.budget,
            !midstream);
    this.answers =
        new MessageReader(
            new AnswerMessages(shared, open, this, handover), false, shared.budget, !midstream);
  }

  // ---- what the connection tells

  void bytes(Flow flow, byte[] data, int offset, int length, Operation operation) {
    moved(flow, operation.timeNs());
    try {
      reader(flow).bytes(data, offset, length, operation);
    } catch (MalformedMessageException e) {
      malformed(flow);
    }
    if (handover.isDone()) {
      int rest = (int) answers.takeHeld();
      handover.rest(flow, data, offset + length - rest, rest, operation);
    }
  }

  void gap(Flow flow, long length, long lastNs) {
    moved(flow, lastNs);
    long rest = 0;
    try {
      rest = reader(flow).gap(length, lastNs);
    } catch (MalformedMessageException e) {
      malformed(flow);
    }
    if (rest > 0 && !handover.isDone()) {
      startNotCaptured(flow, lastNs);
    }
    giveUpIfPipelined();
  }

  /** Of no use for requests: the tail may be that of a pipelined one that was not seen. */
  void answerTail(byte[] tail, int length, long lastNs) {
    answers.tail(tail, length, lastNs);
  }

  /** Nothing may be paired across this. */
  void recordsLost() {
    lose(LossCause.RECORD_LOST);
    turn = null;
  }

  /** The connection is gone: what there is of a request is all of it. */
  void requestsClosed(long timeNs) {
    if (requests.inHead()) {
      cutRequestHead(timeNs);
    }
  }

  /** Tells what the end of the connection ends, behind {@link #requestsClosed}. */
  void closed(boolean reset, boolean locally, long timeNs) {
    if (answers.inHead()) {
      try {
        answers.cutHead(lastAnswerNs);
      } catch (MalformedMessageException e) {
        answers.skip(); // too short to tell anything: as good as no answer
      }
    }
    FailureType failure = FailureType.of(context.role(), reset, locally);
    if (answers.inBody()) {
      boolean closeEndsIt = answers.body().framing() == Framing.CLOSE || answerEndUnknown();
      if (closeEndsIt && (locally || !reset)) {
        open.finishFirst(lastAnswerNs, answers.body().payload(), null);
      } else {
        open.finishFirst(timeNs, answers.body().payload(), failure);
      }
    }
    while (!open.isEmpty()) {
      open.finishFirst(timeNs, 0, failure);
    }
  }

  /** Gives up what is open, and reads nothing more. */
  void abandon(LossCause cause) {
    lose(cause);
    end();
  }

  /** Nothing more will be read. */
  void end() {
    handover.end();
    requests.skip();
    answers.skip();
  }

  /** Nothing is open, and no message is being read. */
  boolean betweenMessages() {
    return open.isEmpty() && answers.atStart() && requests.atStart();
  }

  boolean requestsSkipped() {
    return requests.skipping();
  }

  void skipRequests() {
    requests.skip();
  }

  void skipAnswers() {
    answers.skip();
  }

  private MessageReader reader(Flow flow) {
    return flow == Flow.REQUESTS ? requests : answers;
  }

  /** Something moved on this flow: a turn of the conversation may begin with it. */
  private void moved(Flow flow, long timeNs) {
    boolean turnBegins = flow != turn;
    turn = flow;
    if (flow == Flow.ANSWERS) {
      lastAnswerNs = timeNs;
      if (turnBegins && answers.skipping()) {
        answersCutHead(timeNs);
      }
    } else if (turnBegins && requestsOutOfStep()) {
      tryToRestart();
    }
  }

  private void tryToRestart() {
    if (pipelined) {
      missed(lostBy);
    } else if (open.isEmpty() || open.size() == 1 && answerEndUnknown()) {
      requests.restart();
      tentative = true;
    }
  }

  /** Answered before the head of the request was complete: 400, 408, 431. */
  private void answersCutHead(long timeNs) {
    if (requests.inHead() && open.isEmpty()) {
      cutRequestHead(timeNs);
    }
  }

  private void cutRequestHead(long timeNs) {
    try {
      requests.cutHead(timeNs);
    } catch (MalformedMessageException e) {
      malformed(Flow.REQUESTS);
    }
  }

  private void malformed(Flow flow) {
    if (flow == Flow.REQUESTS && tentative) {
      tentative = false;
      requests.skip();
      if (open.isEmpty() && ++unreadableTurns > MAX_UNREADABLE_TURNS) {
        missed(LossCause.NOT_HTTP);
        end();
      }
    } else if (flow == Flow.REQUESTS && requests.inBody()) {
      requests.body().startUnknown(false);
      missed(LossCause.AMBIGUOUS_FRAMING); // what is hidden behind it; it is not lost itself
    } else {
      lose(LossCause.MALFORMED_MESSAGE);
    }
  }

  private void startNotCaptured(Flow flow, long lastNs) {
    if (flow == Flow.ANSWERS && !answerBegins(lastNs)) {
      answers.skip();
      return;
    }
    if (flow == Flow.REQUESTS) {
      missed(LossCause.HEAD_NOT_CAPTURED);
    }
    lose(LossCause.HEAD_NOT_CAPTURED);
  }

  private boolean requestsOutOfStep() {
    return requests.skipping() || requests.inBody() && requests.body().framing() == Framing.UNKNOWN;
  }

  private boolean answerEndUnknown() {
    return answers.inBody() && answers.body().framing() == Framing.UNKNOWN;
  }

  // ---- what the messages tell

  /** The request being read was only guessed to begin there. */
  boolean isTentative() {
    return tentative;
  }

  /** The head of a request has been read; it is not open yet. */
  void requestFound() {
    if (answerEndUnknown() && open.size() == 1) {
      open.finishFirst(lastAnswerNs, answers.body().payload(), null); // this request shows its end
      answers.restart();
    }
    tentative = false;
    unreadableTurns = 0;
    pipelined |= !open.isEmpty();
    if (answers.skipping()) {
      answers.restart();
    }
  }

  /** What follows the request is not to be taken for messages before its answer says so. */
  void holdRequests() {
    requests.hold();
  }

  /** The CONNECT has been refused: HTTP goes on, but what came too early was not meant as HTTP. */
  void tunnelRefused() {
    if (!requests.holding()) {
      return;
    }
    if (requests.takeHeld() > 0) {
      missed(LossCause.AMBIGUOUS_FRAMING);
      requests.skip();
    } else {
      requests.restart();
    }
  }

  /**
   * The first byte of an answer was moved then. Asked where the answer begins, not where an
   * operation does, so that it makes no difference how the bytes were cut.
   *
   * @return false when it is nobody's
   */
  boolean answerBegins(long timeNs) {
    answersCutHead(timeNs);
    if (!open.isEmpty()) {
      return true;
    }
    if (!answers.skipping()) { // else what it answers was broken, and has been counted
      pipelined |= requestsOutOfStep(); // so one was asked where it could not be seen
      missed(LossCause.ANSWER_WITHOUT_REQUEST);
    }
    return false;
  }

  /** Where an answer ends unseen, the next one's head may have gone by unseen too. */
  void giveUpIfPipelined() {
    if (!handover.isDone() && open.size() > 1 && answerEndUnknown()) {
      lose(LossCause.HEAD_NOT_CAPTURED);
    }
  }

  /**
   * What follows on both flows is not HTTP/1.
   *
   * @return bytes of the client that came ahead of the answer that says so
   */
  long leave() {
    long ahead = requests.takeHeld();
    lose(LossCause.NOT_HTTP);
    end();
    answers.hold(); // until all of the bytes that the answer came with are handed over
    return ahead;
  }

  /** When the operation returned that moved the latest bytes of answers. */
  long lastAnswerNs() {
    return lastAnswerNs;
  }

  /** Something is known to be an exchange, or to hide one, and cannot be told. */
  void missed(LossCause cause) {
    context.begun();
    context.lost(cause, 1);
  }

  /** Which answer is whose is not known any more. */
  void lose(LossCause cause) {
    if (requests.inHead() && !tentative) {
      missed(cause);
    }
    open.giveUp(cause);
    tentative = false;
    requests.skip();
    answers.skip();
    lostBy = cause;
  }
}
