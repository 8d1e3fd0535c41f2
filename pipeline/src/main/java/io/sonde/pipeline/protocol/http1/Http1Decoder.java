package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.Flow;
import io.sonde.pipeline.protocol.Operation;
import io.sonde.pipeline.protocol.ProtocolDecoder;

/**
 * One connection as it is told: puts the answer of a client's request behind it where it was told
 * ahead, and hands on what follows when HTTP/1 is over. An exchange is reported as soon as its
 * answer is certainly complete.
 */
final class Http1Decoder implements ProtocolDecoder {
  private final ConnectionContext context;
  private final Http1Protocol shared;
  private final OpenExchanges open;
  private final Handover handover;
  private final Lockstep step;

  /** A client's answer whose request has not been told yet; null mostly. */
  private EarlyAnswer early;

  Http1Decoder(ConnectionContext context, Http1Protocol shared, boolean midstream) {
    this.context = context;
    this.shared = shared;
    this.open = new OpenExchanges(context, shared.openFields);
    this.handover = new Handover(context);
    this.step = new Lockstep(context, shared, open, handover, midstream);
  }

  @Override
  public void bytes(Flow flow, byte[] data, int offset, int length, Operation operation) {
    if (handover.isDone()) {
      handover.passOver(flow, length);
    } else if (flow == Flow.REQUESTS) {
      step.bytes(flow, data, offset, length, operation);
      settleEarlyAnswer();
    } else if (!waitsForRequest(data, offset, length, operation)) {
      dropEarlyAnswer(); // too much of it, and still no request: it answers nothing
      step.bytes(flow, data, offset, length, operation);
    }
  }

  @Override
  public void gap(Flow flow, long length, long lastNs) {
    if (handover.isDone()) {
      handover.passOver(flow, length);
    } else if (flow == Flow.ANSWERS && early != null) {
      early.gap(length, lastNs);
    } else {
      step.gap(flow, length, lastNs);
      settleEarlyAnswer(); // the gap may have ended the head of its request
    }
  }

  @Override
  public void tail(Flow flow, byte[] tail, int length, long lastNs) {
    if (flow == Flow.ANSWERS && !handover.isDone()) {
      step.answerTail(tail, length, lastNs);
    }
  }

  @Override
  public void recordsLost() {
    dropEarlyAnswer();
    step.recordsLost();
  }

  @Override
  public void closed(boolean reset, boolean locally, long timeNs) {
    step.requestsClosed(timeNs);
    settleEarlyAnswer();
    step.closed(reset, locally, timeNs);
    handover.closed(reset, locally, timeNs);
    dropEarlyAnswer();
    step.end();
  }

  @Override
  public void abandon(LossCause cause) {
    dropEarlyAnswer();
    step.abandon(cause);
  }

  @Override
  public void expire(long nowNs, long timeoutNs) {
    open.expire(nowNs, timeoutNs);
  }

  @Override
  public int open() {
    return open.untold();
  }

  @Override
  public boolean finished() {
    return handover.isDone();
  }

  /**
   * @return whether these bytes of an answer are kept until its request is told
   */
  private boolean waitsForRequest(byte[] data, int offset, int length, Operation operation) {
    if (early == null) {
      boolean ahead = context.role() == Role.CLIENT && step.betweenMessages();
      if (ahead && shared.budget.take(length)) {
        early = new EarlyAnswer(data, offset, length, operation);
        return true;
      }
    } else if (early.hasRoomFor(length) && shared.budget.take(length)) {
      early.add(data, offset, length, operation);
      return true;
    }
    return false;
  }

  /** Requests have been told: the one that it answers is among them, or will never be. */
  private void settleEarlyAnswer() {
    if (early == null) {
      return;
    }
    if (!open.isEmpty()) {
      replayEarlyAnswer();
    } else if (step.requestsSkipped()) {
      dropEarlyAnswer();
    }
  }

  private void replayEarlyAnswer() {
    EarlyAnswer answer = takeEarlyAnswer();
    int length = answer.data().length;
    step.bytes(Flow.ANSWERS, answer.data(), 0, length, answer.operation());
    if (answer.uncaptured() == 0) {
      return;
    }
    if (handover.isDone()) {
      handover.restNotCaptured(Flow.ANSWERS, answer.uncaptured(), answer.lastNs());
    } else {
      step.gap(Flow.ANSWERS, answer.uncaptured(), answer.lastNs());
    }
  }

  private void dropEarlyAnswer() {
    if (early != null) {
      takeEarlyAnswer();
      step.missed(LossCause.ANSWER_WITHOUT_REQUEST);
      step.skipAnswers();
    }
  }

  private EarlyAnswer takeEarlyAnswer() {
    EarlyAnswer answer = early;
    shared.budget.giveBack(answer.data().length);
    early = null;
    return answer;
  }
}
