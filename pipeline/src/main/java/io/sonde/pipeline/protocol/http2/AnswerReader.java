package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.Flow;
import io.sonde.pipeline.protocol.Operation;

/**
 * Ends the streams that their requests have begun. Where the answers are out of step all open
 * exchanges are given up, since their answers may have gone by.
 */
final class AnswerReader extends FlowReader {
  private final ConnectionContext context;
  private final RequestReader requests;

  AnswerReader(
      ConnectionContext context,
      Http2Protocol shared,
      OpenStreams streams,
      RequestReader requests) {
    super(Flow.ANSWERS, shared, streams);
    this.context = context;
    this.requests = requests;
  }

  @Override
  public void headersBegin(int stream, Operation operation, boolean isFirst) {}

  @Override
  void fields(int id, boolean ends, Fields fields, boolean lost, long timeNs) {
    Http2Stream stream = streams.get(id);
    if (stream == null) {
      stream = withoutRequest(id);
    }
    if (stream == null) {
      return;
    }
    int status = Status.parse(fields.status);
    boolean corrects = stream.statusUnknown && status != 0 && stream.answerContent.bytes == 0;
    if (!stream.answered && stream.answerMissed && ends && status == 0) {
      streams.finish(stream, timeNs, null); // those of its end: its beginning was not seen
      return;
    }
    if (!stream.answered || corrects) {
      if (Status.isInterim(status) && !ends) {
        return;
      }
      stream.answered(fields, status);
      if (!ends && stream.begun && stream.opensTunnel()) {
        streams.openTunnel(stream, timeNs);
      }
    } else {
      stream.trailers = ends;
    }
    if (ends) {
      stream.ended(fields);
      streams.answerEnds(stream, timeNs, null);
    }
  }

  /**
   * A client that writes and reads in several threads may be interrupted between the sending of its
   * request and the report of that: the answer is then told first.
   *
   * @return null when it is not such a case
   */
  private Http2Stream withoutRequest(int id) {
    if (!requests.mayBegin(id)) {
      return null; // given up, timed out, pushed, or asked when nobody listened
    }
    Http2Stream stream = context.role() == Role.CLIENT ? streams.openEarly(id) : null;
    if (stream == null) {
      streams.unreadable(LossCause.ANSWER_WITHOUT_REQUEST);
    }
    return stream;
  }

  @Override
  public void dataEnds(int id, long timeNs) {
    Http2Stream stream = streams.get(id);
    if (stream != null) {
      streams.answerEnds(stream, timeNs, null);
    }
  }

  @Override
  public void reset(int id, long errorCode, long timeNs) {
    Http2Stream stream = streams.get(id);
    if (stream != null) {
      streams.answerEnds(stream, timeNs, Failure.ofReset(Flow.ANSWERS, errorCode));
    }
  }

  @Override
  public void goAway(int lastStream, long timeNs) {
    for (Http2Stream stream : streams.inOrder()) {
      if (stream.id > lastStream && stream.begun && !stream.answered) {
        streams.finish(stream, timeNs, Failure.REFUSED);
      }
    }
  }

  /** Answers to what was asked before the first frame was found may have been among it. */
  @Override
  public void passedOver() {
    streams.forEach(stream -> stream.answerMissed |= !stream.answered);
  }

  @Override
  public void stepLost(boolean malformed) {
    super.stepLost(malformed);
    streams.giveUp(malformed ? LossCause.MALFORMED_MESSAGE : LossCause.HTTP2_LOST_STEP);
  }
}
