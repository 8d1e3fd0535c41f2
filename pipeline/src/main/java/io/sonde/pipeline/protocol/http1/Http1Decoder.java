package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.accounting.Tunnel;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.Detection;
import io.sonde.pipeline.protocol.FailureType;
import io.sonde.pipeline.protocol.Flow;
import io.sonde.pipeline.protocol.MalformedMessageException;
import io.sonde.pipeline.protocol.Operation;
import io.sonde.pipeline.protocol.ProtocolDecoder;
import io.sonde.pipeline.protocol.http1.BodyReader.Framing;
import java.util.ArrayDeque;

/**
 * Pairs the requests and answers of one connection, in order (RFC 9112 §9.3). An exchange is
 * reported as soon as its answer is certainly complete.
 *
 * <p>Where the messages are out of step (a head was not captured, a record lost, a message broken)
 * all open exchanges are given up and nothing is paired until a turn of the client begins with a
 * request line. A connection on which requests were pipelined is not trusted again after that:
 * answers to requests that were not seen may still be on their way.
 */
final class Http1Decoder implements ProtocolDecoder {
  /** Requests without an answer that are kept; clients that pipeline at all send some 16. */
  static final int MAX_OPEN = 64;

  /** After so many turns that do not begin with a request, it is not HTTP any more. */
  private static final int MAX_UNREADABLE_TURNS = 4;

  private final ConnectionContext context;
  private final Http1Protocol shared;
  private final MessageReader requests;
  private final MessageReader answers;
  private final ArrayDeque<OpenExchange> open = new ArrayDeque<>(2);

  /** The one whose request body is being read; null between requests. */
  private OpenExchange uploading;

  /** Of the bytes or gap before; null: whatever comes next may begin a turn. */
  private Flow turn;

  /** The request being read was only guessed to begin there. */
  private boolean tentative;

  private int unreadableTurns;
  private boolean pipelined;

  /** Why the messages were last out of step. */
  private LossCause stepLostBy = LossCause.HEAD_NOT_CAPTURED;

  /** A client's answer whose request has not been told yet; null mostly. */
  private EarlyAnswer early;

  private long lastAnswerNs;
  private long previousStartedNs;
  private boolean finished;

  /** Of HTTP/2 by Upgrade; null while it speaks HTTP/1. */
  private ProtocolDecoder successor;

  /** What the connection has become; null while it speaks HTTP. */
  private Tunnel tunnel;

  Http1Decoder(ConnectionContext context, Http1Protocol shared, boolean midstream) {
    this.context = context;
    this.shared = shared;
    this.requests = new MessageReader(new Requests(), true, shared.budget, !midstream);
    this.answers = new MessageReader(new Answers(), false, shared.budget, !midstream);
  }

  @Override
  public void bytes(Flow flow, byte[] data, int offset, int length, Operation operation) {
    if (finished) {
      passOver(flow, length);
      return;
    }
    if (flow == Flow.ANSWERS && mayBeEarly() && shared.budget.take(length)) {
      early = new EarlyAnswer(data, offset, length, operation);
      return;
    }
    if (flow == Flow.ANSWERS
        && early != null
        && early.hasRoomFor(length)
        && shared.budget.take(length)) {
      early.add(data, offset, length, operation);
      return;
    }
    read(flow, data, offset, length, operation);
    if (early != null && !open.isEmpty()) {
      replayEarlyAnswer();
    }
  }

  private void read(Flow flow, byte[] data, int offset, int length, Operation operation) {
    moved(flow, operation.timeNs());
    try {
      reader(flow).bytes(data, offset, length, operation);
    } catch (MalformedMessageException e) {
      malformed(flow);
    }
    if (tunnel != null) {
      passOver(Flow.ANSWERS, answers.takeHeld());
    } else if (successor != null) {
      int rest = (int) answers.takeHeld();
      successor.bytes(flow, data, offset + length - rest, rest, operation);
    }
  }

  private void passOver(Flow flow, long bytes) {
    if (tunnel != null) {
      context.tunnelled(tunnel, flow, bytes);
    }
  }

  @Override
  public void gap(Flow flow, long length, long lastNs) {
    if (finished) {
      passOver(flow, length);
      return;
    }
    if (flow == Flow.ANSWERS && early != null) {
      early.gap(length, lastNs);
      return;
    }
    moved(flow, lastNs);
    long rest = 0;
    try {
      rest = reader(flow).gap(length, lastNs);
    } catch (MalformedMessageException e) {
      malformed(flow);
    }
    if (rest > 0 && !finished) {
      startNotCaptured(flow);
    }
    giveUpIfPipelined();
  }

  /** Of no use for requests: the tail may be that of a pipelined one that was not seen. */
  @Override
  public void tail(Flow flow, byte[] tail, int length, long lastNs) {
    if (flow == Flow.ANSWERS && !finished) {
      answers.tail(tail, length, lastNs);
    }
  }

  @Override
  public void recordsLost() {
    loseStep(LossCause.RECORD_LOST);
    turn = null;
  }

  @Override
  public void closed(boolean reset, boolean locally, long timeNs) {
    if (requests.inHead()) {
      cutRequestHead(timeNs);
    }
    if (answers.inHead()) {
      try {
        answers.cutHead(lastAnswerNs);
      } catch (MalformedMessageException e) {
        answers.skip(); // too short to tell anything: as good as no answer
      }
    }
    FailureType failure = FailureType.of(context.role(), reset, locally);
    if (answers.inBody()) {
      Framing framing = answers.body().framing();
      boolean closeEndsIt = framing == Framing.CLOSE || framing == Framing.UNKNOWN;
      if (closeEndsIt && (locally || !reset)) {
        finish(lastAnswerNs, answers.body().payload(), null);
      } else {
        finish(timeNs, answers.body().payload(), failure);
      }
    }
    while (!open.isEmpty()) {
      finish(timeNs, 0, failure);
    }
    if (early != null) {
      dropEarlyAnswer();
      answerWithoutRequest();
    }
    end();
  }

  @Override
  public void abandon(LossCause cause) {
    loseStep(cause);
    end();
  }

  @Override
  public void expire(long nowNs, long timeoutNs) {
    for (OpenExchange exchange : open) {
      if (exchange.statusCode == 0 && !exchange.told && nowNs - exchange.startedNs >= timeoutNs) {
        if (exchange == uploading) {
          exchange.requestBodyBytes = requests.body().payload();
        }
        tell(exchange, exchange.startedNs + timeoutNs, 0, FailureType.TIMEOUT);
        exchange.told = true;
      }
    }
  }

  @Override
  public int open() {
    int untold = 0;
    for (OpenExchange exchange : open) {
      untold += exchange.told ? 0 : 1;
    }
    return untold;
  }

  @Override
  public boolean finished() {
    return finished;
  }

  private MessageReader reader(Flow flow) {
    return flow == Flow.REQUESTS ? requests : answers;
  }

  private boolean mayBeEarly() {
    return context.role() == Role.CLIENT
        && open.isEmpty()
        && early == null
        && answers.atStart()
        && requests.atStart();
  }

  private void replayEarlyAnswer() {
    EarlyAnswer answer = early;
    dropEarlyAnswer();
    read(Flow.ANSWERS, answer.data(), 0, answer.data().length, answer.operation());
    if (answer.uncaptured() > 0) {
      ProtocolDecoder next = successor == null ? this : successor;
      next.gap(Flow.ANSWERS, answer.uncaptured(), answer.lastNs());
    }
  }

  private void dropEarlyAnswer() {
    shared.budget.giveBack(early.data().length);
    early = null;
  }

  /** Something moved on this flow: a turn of the conversation may begin with it. */
  private void moved(Flow flow, long timeNs) {
    boolean turnBegins = flow != turn;
    turn = flow;
    if (flow == Flow.ANSWERS) {
      if (early != null) {
        dropEarlyAnswer(); // too much of it, and still no request: it answers nothing
        answerWithoutRequest();
        answers.skip();
      }
      lastAnswerNs = timeNs;
      if (requests.inHead() && open.isEmpty()) {
        cutRequestHead(timeNs); // answered before its head was complete: 400, 408, 431
      }
    } else if (turnBegins && requestsOutOfStep()) {
      tryToRestart();
    }
  }

  private boolean requestsOutOfStep() {
    return requests.skipping() || requests.inBody() && requests.body().framing() == Framing.UNKNOWN;
  }

  private boolean answerEndUnknown() {
    return answers.inBody() && answers.body().framing() == Framing.UNKNOWN;
  }

  /** Where an answer ends unseen, the next one's head may have gone by unseen too. */
  private void giveUpIfPipelined() {
    if (!finished && open.size() > 1 && answerEndUnknown()) {
      loseStep(LossCause.HEAD_NOT_CAPTURED);
    }
  }

  private void tryToRestart() {
    if (pipelined) {
      context.begun();
      context.lost(stepLostBy, 1);
    } else if (open.isEmpty() || open.size() == 1 && answerEndUnknown()) {
      requests.restart();
      tentative = true;
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
        context.begun();
        context.lost(LossCause.NOT_HTTP, 1);
        end();
      }
    } else if (flow == Flow.REQUESTS && requests.inBody()) {
      requests.body().startUnknown(false);
      ambiguousFraming();
    } else {
      loseStep(LossCause.MALFORMED_MESSAGE);
    }
  }

  /** What is hidden behind it cannot be known. The request itself is not lost. */
  private void ambiguousFraming() {
    context.begun();
    context.lost(LossCause.AMBIGUOUS_FRAMING, 1);
  }

  private void startNotCaptured(Flow flow) {
    if (flow == Flow.ANSWERS && open.isEmpty()) {
      answerWithoutRequest();
      answers.skip();
      return;
    }
    if (flow == Flow.REQUESTS) {
      context.begun();
      context.lost(LossCause.HEAD_NOT_CAPTURED, 1);
    }
    loseStep(LossCause.HEAD_NOT_CAPTURED);
  }

  private void answerWithoutRequest() {
    context.begun();
    context.lost(LossCause.ANSWER_WITHOUT_REQUEST, 1);
  }

  private void loseStep(LossCause cause) {
    if (requests.inHead() && !tentative) {
      context.begun();
      context.lost(cause, 1);
    }
    int untold = open();
    if (untold > 0) {
      context.lost(cause, untold);
    }
    open.clear();
    if (early != null) {
      dropEarlyAnswer();
      answerWithoutRequest();
    }
    uploading = null;
    tentative = false;
    requests.skip();
    answers.skip();
    stepLostBy = cause;
  }

  private void end() {
    finished = true;
    requests.skip();
    answers.skip();
  }

  /** The oldest open exchange is over. */
  private void finish(long endedNs, long answerBytes, FailureType failure) {
    OpenExchange exchange = open.remove();
    if (exchange == uploading) {
      exchange.requestBodyBytes = requests.body().payload();
      uploading = null;
    }
    answers.restart();
    if (!exchange.told) {
      tell(exchange, endedNs, answerBytes, failure);
    }
  }

  private void tell(OpenExchange exchange, long endedNs, long answerBytes, FailureType failure) {
    if (exchange.service == null) {
      context.lost(LossCause.UNKNOWN_PROCESS, 1);
      return;
    }
    if (exchange.truncated) {
      context.truncated();
    }
    context.finished(exchange.finished(context, endedNs, answerBytes, failure));
  }

  /** What follows on both flows is not HTTP: RFC 9110 §7.8 and §9.3.6. */
  private void openTunnel(Tunnel kind) {
    long ahead = requests.takeHeld();
    finish(lastAnswerNs, 0, null);
    loseStep(LossCause.NOT_HTTP);
    end();
    tunnel = kind;
    passOver(Flow.REQUESTS, ahead);
    answers.hold(); // until all of the bytes that the answer came with are counted
  }

  /** The answer to the request comes in HTTP/2, behind this one (RFC 7540 §3.2). */
  private void upgradeToHttp2() {
    OpenExchange exchange = open.remove();
    loseStep(LossCause.NOT_HTTP);
    end();
    answers.hold(); // what is behind the head is of HTTP/2
    successor = shared.http2.upgraded(context, exchange.upgraded(), exchange.told);
    context.continuesAs(shared.http2, successor);
  }

  /** The CONNECT has been refused: HTTP goes on, but what came too early was not meant as HTTP. */
  private void goOnAfterConnect() {
    if (requests.takeHeld() > 0) {
      ambiguousFraming();
      requests.skip();
    } else {
      requests.restart();
    }
  }

  private final class Requests implements MessageReader.Messages {
    private final Operation first = new Operation();

    @Override
    public boolean begins(Operation operation) {
      first.set(operation);
      return true;
    }

    @Override
    public Detection detect(byte[] data, int from, int to) {
      return tentative
          ? StartLine.detectRequest(false, data, from, to)
          : StartLine.detectNextRequest(data, from, to);
    }

    @Override
    public void head(byte[] data, int from, int to, boolean cut, BodyReader body)
        throws MalformedMessageException {
      if (detect(data, from, to) != Detection.YES) {
        throw new MalformedMessageException(Http1Protocol.NAME, 0, "a request line");
      }
      OpenExchange exchange = new OpenExchange(context.secure());
      shared.requestHead.read(data, from, to, cut, exchange);
      if (answerEndUnknown() && open.size() == 1) {
        finish(lastAnswerNs, answers.body().payload(), null); // the next request shows its end
      }
      if (!begin(exchange)) {
        return;
      }
      exchange.asked(cut);
      if (cut) {
        exchange.requestBodyBytes = shared.requestHead.declaredLength();
        requests.skip();
      } else if (exchange.connect) {
        exchange.requestBodyBytes = 0;
        requests.hold();
      } else {
        shared.requestHead.frame(body);
        body.readInto(exchange.requestMessages);
        uploading = exchange;
        if (shared.requestHead.isAmbiguous()) {
          ambiguousFraming();
        }
      }
    }

    @Override
    public void ends(long timeNs) {
      if (uploading != null) {
        uploading.requestBodyBytes = requests.body().payload();
        uploading = null;
      }
    }

    /**
     * @return false when there are too many already
     */
    private boolean begin(OpenExchange exchange) {
      tentative = false;
      unreadableTurns = 0;
      pipelined |= !open.isEmpty();
      if (open.size() == MAX_OPEN) {
        loseStep(LossCause.TOO_MANY_PIPELINED);
        return false;
      }
      exchange.startedNs = first.timeNs();
      exchange.arrivedNs = arrivedNs();
      exchange.tid = first.tid();
      exchange.threads = first.threads();
      exchange.service = context.service(first.pid());
      previousStartedNs = first.timeNs();
      context.begun();
      open.add(exchange);
      if (answers.skipping()) {
        answers.restart();
      }
      return true;
    }

    /** A stamp from before the previous request, or from after the read, is not this request's. */
    private long arrivedNs() {
      long arrived = first.arrivedNs();
      boolean sound =
          context.role() == Role.SERVER
              && arrived != 0
              && arrived >= previousStartedNs
              && arrived <= first.timeNs();
      return sound ? arrived : first.timeNs();
    }
  }

  private final class Answers implements MessageReader.Messages {
    private boolean interim;

    @Override
    public boolean begins(Operation operation) {
      interim = false;
      if (open.isEmpty()) {
        pipelined |= requestsOutOfStep(); // so one was asked where it could not be seen
        answerWithoutRequest();
        return false;
      }
      return true;
    }

    @Override
    public Detection detect(byte[] data, int from, int to) {
      return StartLine.detectStatus(data, from, to);
    }

    @Override
    public void head(byte[] data, int from, int to, boolean cut, BodyReader body)
        throws MalformedMessageException {
      StatusHead head = shared.statusHead;
      head.read(data, from, to);
      OpenExchange exchange = open.element();
      interim = head.isInterim();
      if (interim && cut) {
        loseStep(LossCause.HEAD_NOT_CAPTURED); // where the final answer begins cannot be known
        return;
      }
      if (interim) {
        body.start(Framing.ENDED, 0);
        return;
      }
      exchange.answered(head, cut);
      if (!cut && exchange.opensTunnel() && !exchange.connect && head.upgradesToHttp2()) {
        upgradeToHttp2();
        return;
      }
      if (exchange.opensTunnel()) {
        openTunnel(exchange.connect ? Tunnel.CONNECT : head.upgrade());
        return;
      }
      if (exchange.connect && requests.holding()) {
        goOnAfterConnect();
      }
      if (cut) {
        body.startUnknown(head.fields.chunked);
      } else {
        head.frame(exchange, body);
      }
      body.readInto(exchange.answerMessages);
      giveUpIfPipelined();
    }

    @Override
    public void ends(long timeNs) {
      if (!interim) {
        finish(timeNs, answers.body().payload(), null);
      }
    }
  }
}
