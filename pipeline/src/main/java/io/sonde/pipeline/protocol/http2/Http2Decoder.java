package io.sonde.pipeline.protocol.http2;

import static io.sonde.pipeline.protocol.http2.FrameReader.Start.FRAME;
import static io.sonde.pipeline.protocol.http2.FrameReader.Start.PREFACE;
import static io.sonde.pipeline.protocol.http2.FrameReader.Start.UNKNOWN;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.FailureType;
import io.sonde.pipeline.protocol.Flow;
import io.sonde.pipeline.protocol.Operation;
import io.sonde.pipeline.protocol.ProtocolDecoder;
import io.sonde.pipeline.protocol.UpgradedRequest;
import io.sonde.pipeline.protocol.http2.FrameReader.Start;

/**
 * Decodes one connection: how its flows begin, what is lost of both, and how it ends. Its streams
 * are begun by {@link RequestReader} and ended by {@link AnswerReader}; an exchange is reported as
 * soon as its answer has ended (RFC 9113 §8.1).
 */
final class Http2Decoder implements ProtocolDecoder {
  private final ConnectionContext context;
  private final OpenStreams streams;
  private final RequestReader requests;
  private final AnswerReader answers;

  /** Joined after its start: what comes first on a flow is not its first frame. */
  private final boolean midstream;

  private boolean finished;

  /**
   * @param midstream joined after its start
   */
  Http2Decoder(ConnectionContext context, Http2Protocol shared, boolean midstream) {
    this.context = context;
    this.midstream = midstream;
    streams = new OpenStreams(context, shared);
    requests = new RequestReader(context, shared, streams, this::answersOutOfStep);
    answers = new AnswerReader(context, shared, streams, requests);
  }

  /**
   * The first stream is a request of HTTP/1 that asked for this (RFC 7540 §3.2).
   *
   * @param told it has been reported already
   */
  Http2Decoder upgradedFrom(UpgradedRequest request, boolean told) {
    requests.upgradedFrom(request, told);
    return this;
  }

  @Override
  public void bytes(Flow flow, byte[] data, int offset, int length, Operation operation) {
    if (finished || length == 0) {
      return;
    }
    FlowReader reader = reader(flow);
    if (!reader.hasBegun()) {
      boolean preface = data[offset] == FirstFrame.PREFACE[0];
      reader.begin(flow == Flow.ANSWERS ? startOfAnswers() : preface ? PREFACE : UNKNOWN);
    }
    reader.bytes(data, offset, length, operation);
  }

  @Override
  public void gap(Flow flow, long length, long lastNs) {
    if (finished) {
      return;
    }
    FlowReader reader = reader(flow);
    if (!reader.hasBegun()) {
      reader.begin(flow == Flow.ANSWERS ? startOfAnswers() : hasMissedSome() ? UNKNOWN : PREFACE);
    }
    reader.gap(length, lastNs);
  }

  /** Says nothing: which frames it is the end of is not known. */
  @Override
  public void tail(Flow flow, byte[] tail, int length, long lastNs) {}

  @Override
  public void recordsLost() {
    loseHead(LossCause.RECORD_LOST);
    requests.recordsLost();
    answers.recordsLost();
    streams.giveUp(LossCause.RECORD_LOST);
  }

  @Override
  public void closed(boolean reset, boolean locally, long timeNs) {
    loseHead(LossCause.HEAD_NOT_CAPTURED);
    streams.closed(timeNs, Failure.ofConnection(FailureType.of(context.role(), reset, locally)));
    end();
  }

  @Override
  public void abandon(LossCause cause) {
    loseHead(cause);
    streams.giveUp(cause);
    end();
  }

  @Override
  public void expire(long nowNs, long timeoutNs) {
    streams.expire(nowNs, timeoutNs);
  }

  @Override
  public int open() {
    return streams.untold();
  }

  @Override
  public boolean finished() {
    return finished;
  }

  /** A request has begun, but what it asks for will not be known. */
  private void loseHead(LossCause cause) {
    if (requests.isInNewHead()) {
      streams.unreadable(cause);
    }
  }

  private FlowReader reader(Flow flow) {
    return flow == Flow.REQUESTS ? requests : answers;
  }

  /** Of the conversation, so that what comes next on a flow need not be its beginning. */
  private boolean hasMissedSome() {
    return midstream || requests.hasMissedSome();
  }

  private Start startOfAnswers() {
    return hasMissedSome() ? UNKNOWN : FRAME;
  }

  private boolean answersOutOfStep() {
    return answers.isOutOfStep();
  }

  private void end() {
    finished = true;
    requests.end();
    answers.end();
  }
}
