package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.ThreadWork;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.Flow;
import io.sonde.pipeline.protocol.Operation;
import io.sonde.pipeline.protocol.UpgradedRequest;
import java.util.function.BooleanSupplier;

/**
 * Begins a stream for each request. Where the requests are out of step, what was asked meanwhile is
 * not seen, and those that were being sent are followed without it.
 */
final class RequestReader extends FlowReader {
  private static final int FIRST_STREAM = 1;

  private final ConnectionContext context;
  private final Authority authority;
  private final BooleanSupplier answersOutOfStep;

  /** The operation that began the latest head. */
  private final Operation first = new Operation();

  private boolean firstOfOperation;
  private ThreadWork threads;

  /** Whose fields are being read; 0 before the first. */
  private int reading;

  /** The latest whose head was read; they rise (RFC 9113 §5.1.1). */
  private int latest;

  /**
   * @param answersOutOfStep whether answers go by unseen now
   */
  RequestReader(
      ConnectionContext context,
      Http2Protocol shared,
      OpenStreams streams,
      BooleanSupplier answersOutOfStep) {
    super(Flow.REQUESTS, shared, streams);
    this.context = context;
    this.authority = shared.authority;
    this.answersOutOfStep = answersOutOfStep;
  }

  /**
   * The first stream is a request of HTTP/1 that asked for this (RFC 7540 §3.2). The server may
   * agree before all of the request has come.
   *
   * @param told it has been reported already
   */
  void upgradedFrom(UpgradedRequest request, boolean told) {
    boolean ended = request.bodyBytes() >= 0;
    begin(ended ? FrameReader.Start.PREFACE : FrameReader.Start.REST_OF_REQUEST);
    latest = FIRST_STREAM;
    Http2Stream stream = streams.takeOver(FIRST_STREAM, told);
    if (stream != null) {
      stream.upgraded(request);
    }
  }

  /** A request has begun whose head is not complete. */
  boolean isInNewHead() {
    return inFields() && reading > latest;
  }

  /** The request of that stream has not been told, but may be yet. */
  boolean mayBegin(int id) {
    return id > latest && id % 2 == 1 && inStep();
  }

  @Override
  public void headersBegin(int stream, Operation operation, boolean isFirst) {
    reading = stream;
    if (stream > latest) {
      first.set(operation);
      firstOfOperation = isFirst;
      threads = context.evidence(operation, stream);
    }
  }

  @Override
  void fields(int id, boolean ends, Fields fields, boolean lost, long timeNs) {
    if (id > latest && id % 2 == 1) {
      head(id, ends, fields, lost);
    } else if (ends) { // trailers
      dataEnds(id, timeNs);
    }
  }

  private void head(int id, boolean ends, Fields fields, boolean lost) {
    latest = id;
    streams.dropEarlyBefore(id);
    if (hasMissedSome() && ends && mayBeTrailers(fields)) {
      streams.unreadable(LossCause.STARTED_MIDSTREAM);
      return;
    }
    Http2Stream stream = streams.begin(id, fields.length());
    if (stream == null) {
      return;
    }
    stream.answerMissed = answersOutOfStep.getAsBoolean();
    stream.headLost = lost;
    stream.startedNs = first.timeNs();
    stream.arrivedNs = arrivedNs();
    stream.tid = first.tid();
    stream.threads = threads;
    stream.service = context.service(first.pid());
    stream.requested(fields, authority);
    if (stream.endedEarlyNs != 0) {
      streams.finish(stream, stream.endedEarlyNs, stream.failedEarly);
    } else if (stream.answered && stream.opensTunnel()) {
      streams.openTunnel(stream, first.timeNs());
    }
  }

  /** The beginning of the request may have been missed: then these are the fields of its end. */
  private static boolean mayBeTrailers(Fields fields) {
    return fields.incomplete
        && fields.method == null
        && fields.scheme == null
        && fields.path == null
        && fields.authority == null;
  }

  /** When the first byte of the request reached the socket, if that can be known. */
  private long arrivedNs() {
    long arrived = first.arrivedNs();
    boolean sound =
        context.role() == Role.SERVER
            && arrived != 0
            && arrived <= first.timeNs()
            && (firstOfOperation || first.atOnce());
    return sound ? arrived : first.timeNs();
  }

  @Override
  public void dataEnds(int id, long timeNs) {
    Http2Stream stream = streams.get(id);
    if (stream != null) {
      stream.requestEnded = true;
    }
  }

  @Override
  public void reset(int id, long errorCode, long timeNs) {
    Http2Stream stream = streams.get(id);
    if (stream != null && stream.begun) {
      streams.finish(stream, timeNs, Failure.ofReset(Flow.REQUESTS, errorCode));
    }
  }

  /** Of what the server has pushed. */
  @Override
  public void goAway(int lastStream, long timeNs) {}

  /** What was asked there is not known to be anything: it was counted when step was lost. */
  @Override
  public void passedOver() {}

  @Override
  public void stepLost(boolean malformed) {
    super.stepLost(malformed);
    streams.unreadable(malformed ? LossCause.MALFORMED_MESSAGE : LossCause.HTTP2_LOST_STEP);
    streams.forEach(Http2Stream::loseRest);
  }
}
