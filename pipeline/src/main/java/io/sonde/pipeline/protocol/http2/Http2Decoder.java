package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.accounting.Tunnel;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.ThreadWork;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.FailureType;
import io.sonde.pipeline.protocol.Flow;
import io.sonde.pipeline.protocol.MalformedMessageException;
import io.sonde.pipeline.protocol.Operation;
import io.sonde.pipeline.protocol.ProtocolDecoder;
import io.sonde.pipeline.protocol.UpgradedRequest;
import io.sonde.pipeline.protocol.http2.hpack.HpackDecoder;

/**
 * Pairs the requests and answers of one connection by their streams. An exchange is reported as
 * soon as its answer has ended (RFC 9113 §8.1).
 *
 * <p>Where the answers are out of step all open exchanges are given up, since their answers may
 * have gone by. Where the requests are, what was asked meanwhile is not seen, and those that were
 * being sent are followed without it.
 */
final class Http2Decoder implements ProtocolDecoder {
  /** Answers told before their requests: what a client's threads may have between them. */
  private static final int MAX_EARLY = 64;

  private static final int FIRST_STREAM = 1;

  private static final String CONNECT = "CONNECT";
  private static final String WEBSOCKET = "websocket";

  private final ConnectionContext context;
  private final Http2Protocol shared;
  private final Exchanges exchanges;
  private final StreamTable streams = new StreamTable();
  private final Requests requests;
  private final Answers answers;

  /** Joined after its start: what comes first on a flow is not its first frame. */
  private boolean joined;

  /** The latest whose head was read; they rise (RFC 9113 §5.1.1). */
  private int latestRequest;

  /** Requests that have begun and are neither reported nor given up. */
  private int untold;

  /** Streams of which only the answer was told so far. */
  private int early;

  private boolean finished;

  /**
   * @param midstream joined after its start
   */
  Http2Decoder(ConnectionContext context, Http2Protocol shared, boolean midstream) {
    this.context = context;
    this.shared = shared;
    this.joined = midstream;
    this.exchanges = new Exchanges(context, shared.query);
    this.requests = new Requests(new HpackDecoder(shared.scratch));
    this.answers = new Answers(new HpackDecoder(shared.scratch));
  }

  /**
   * The first stream is a request of HTTP/1 that asked for this (RFC 7540 §3.2).
   *
   * @param told it has been reported already
   */
  Http2Decoder upgradedFrom(UpgradedRequest request, boolean told) {
    Http2Stream stream = open(FIRST_STREAM);
    if (stream == null) {
      context.lost(LossCause.TOO_MANY_PIPELINED, told ? 0 : 1);
    } else {
      stream.upgraded(request);
      stream.told = told;
      untold += told ? 0 : 1;
    }
    latestRequest = FIRST_STREAM;
    return this;
  }

  @Override
  public void bytes(Flow flow, byte[] data, int offset, int length, Operation operation) {
    if (finished || length == 0) {
      return;
    }
    Side side = side(flow);
    if (side.frames == null) {
      boolean preface = flow == Flow.REQUESTS && data[offset] == FirstFrame.PREFACE[0];
      joined |= flow == Flow.REQUESTS && !preface;
      side.begin(preface, preface || flow == Flow.ANSWERS && !joined);
    }
    side.frames.bytes(data, offset, length, operation);
  }

  @Override
  public void gap(Flow flow, long length, long lastNs) {
    if (finished) {
      return;
    }
    Side side = side(flow);
    if (side.frames == null) {
      side.begin(flow == Flow.REQUESTS, !joined);
    }
    side.frames.gap(length, lastNs);
  }

  /** Says nothing: which frames it is the end of is not known. */
  @Override
  public void tail(Flow flow, byte[] tail, int length, long lastNs) {}

  @Override
  public void recordsLost() {
    joined = true;
    requests.recordsLost();
    answers.recordsLost();
    giveUp(LossCause.RECORD_LOST);
  }

  @Override
  public void closed(boolean reset, boolean locally, long timeNs) {
    Failure failure = Failure.ofConnection(FailureType.of(context.role(), reset, locally));
    if (requests.isInNewHead()) {
      unreadable(LossCause.HEAD_NOT_CAPTURED);
    }
    for (Http2Stream stream : streams.inOrder()) {
      if (!stream.begun) {
        unreadable(LossCause.ANSWER_WITHOUT_REQUEST);
      } else {
        finish(stream, timeNs, failure);
      }
    }
    end();
  }

  @Override
  public void abandon(LossCause cause) {
    giveUp(cause);
    end();
  }

  @Override
  public void expire(long nowNs, long timeoutNs) {
    if (untold > 0) {
      streams.forEach(stream -> expire(stream, nowNs, timeoutNs));
    }
  }

  /** A call of gRPC has a time of its own, or takes all the time that there is. */
  private void expire(Http2Stream stream, long nowNs, long timeoutNs) {
    if (stream.begun
        && !stream.told
        && !stream.answered
        && !stream.isDoubtful()
        && !stream.mayBeRpc()
        && nowNs - stream.startedNs >= timeoutNs) {
      tell(stream, stream.startedNs + timeoutNs, Failure.TIMEOUT);
    }
  }

  @Override
  public int open() {
    return untold;
  }

  @Override
  public boolean finished() {
    return finished;
  }

  private Side side(Flow flow) {
    return flow == Flow.REQUESTS ? requests : answers;
  }

  private void end() {
    finished = true;
    clear();
    requests.end();
    answers.end();
  }

  private void clear() {
    shared.openStreams -= streams.size();
    streams.clear();
    untold = 0;
    early = 0;
  }

  /** All that is open. */
  private void giveUp(LossCause cause) {
    if (untold > 0) {
      context.lost(cause, untold);
    }
    clear();
  }

  /** One thing that cannot be told, as both begun and lost. */
  private void unreadable(LossCause cause) {
    context.begun();
    context.lost(cause, 1);
  }

  /**
   * @return null when there is no room for it
   */
  private Http2Stream open(int id) {
    if (streams.size() == StreamTable.MAX_OPEN
        || shared.openStreams == Http2Protocol.MAX_OPEN_STREAMS) {
      return null;
    }
    shared.openStreams++;
    Http2Stream stream = new Http2Stream(id);
    streams.add(stream);
    return stream;
  }

  private void remove(Http2Stream stream) {
    shared.openStreams--;
    streams.remove(stream);
  }

  /** Its answer is over, or will not come. */
  private void finish(Http2Stream stream, long endedNs, Failure failure) {
    remove(stream);
    if (failure != null && stream.isDoubtful()) {
      lose(stream, LossCause.HTTP2_LOST_STEP);
    } else if (failure == null && !stream.answered) {
      lose(stream, stream.answerMissed ? LossCause.HTTP2_LOST_STEP : LossCause.MALFORMED_MESSAGE);
    } else {
      tell(stream, endedNs, failure);
    }
  }

  private void lose(Http2Stream stream, LossCause cause) {
    if (!stream.told) {
      stream.told = true;
      untold--;
      context.lost(cause, 1);
    }
  }

  private void tell(Http2Stream stream, long endedNs, Failure failure) {
    if (stream.told) {
      return;
    }
    stream.told = true;
    untold--;
    if (stream.service == null) {
      context.lost(LossCause.UNKNOWN_PROCESS, 1);
      return;
    }
    if (stream.headLost) {
      context.truncated();
    }
    context.finished(exchanges.of(stream, endedNs, failure));
  }

  /** Ends, in the direction of the answer, whether its request was told or not. */
  private void answerEnds(Http2Stream stream, long timeNs, Failure failure) {
    if (stream.begun) {
      finish(stream, timeNs, failure);
    } else {
      stream.endedEarlyNs = timeNs;
      stream.failedEarly = failure;
    }
  }

  /** RFC 9113 §8.5. */
  private static boolean opensTunnel(Http2Stream stream) {
    return CONNECT.equals(stream.method) && stream.status / 100 == 2;
  }

  /** The exchange is over; what follows on its stream is not HTTP. */
  private void openTunnel(Http2Stream stream, long timeNs) {
    tell(stream, timeNs, null);
    if (stream.protocol == null) {
      stream.tunnel = Tunnel.CONNECT;
    } else {
      stream.tunnel = WEBSOCKET.equals(stream.protocol) ? Tunnel.WEBSOCKET : Tunnel.OTHER;
    }
    context.tunnelOpened(stream.tunnel);
  }

  private void tunnelBytes(Http2Stream stream, Flow flow, long bytes) {
    if (stream.tunnel != null) {
      context.tunnelBytes(stream.tunnel, flow, bytes);
    }
  }

  /** One direction of the connection. */
  private abstract class Side implements FrameReader.Frames {
    private final Flow flow;
    private final HpackDecoder table;

    /** Null before the first byte. */
    private FrameReader frames;

    Side(Flow flow, HpackDecoder table) {
      this.flow = flow;
      this.table = table;
    }

    final void begin(boolean preface, boolean inStep) {
      frames = new FrameReader(this, shared.budget, preface, inStep);
      if (!inStep) {
        table.missedSome();
      }
    }

    final boolean inStep() {
      return frames != null && frames.inStep();
    }

    final boolean hasLostStep() {
      return frames != null && !frames.inStep();
    }

    final boolean inFields() {
      return frames != null && frames.inFields();
    }

    final void recordsLost() {
      table.missedSome();
      end();
    }

    final void end() {
      if (frames != null) {
        frames.loseStep();
      }
    }

    @Override
    public final void fields(
        int stream, boolean promised, boolean ends, byte[] data, int from, int to, long timeNs) {
      Fields fields = shared.fields.reset();
      boolean lost = false;
      try {
        table.decode(data, from, to, fields);
      } catch (MalformedMessageException e) {
        fields.lost();
        lost = true;
      }
      if (!promised) {
        fields(stream, ends, fields, lost, timeNs);
      }
    }

    @Override
    public final void fieldsLost(int stream, boolean promised, boolean ends, long timeNs) {
      table.missedSome();
      if (!promised) {
        fields(stream, ends, shared.fields.lost(), true, timeNs);
      }
    }

    @Override
    public final void data(int id, byte[] data, int from, int to) {
      Http2Stream stream = streams.get(id);
      if (stream != null) {
        tunnelBytes(stream, flow, to - from);
        stream.content(flow).read(data, from, to);
      }
    }

    @Override
    public final void dataGap(int id, long length) {
      Http2Stream stream = streams.get(id);
      if (stream != null) {
        tunnelBytes(stream, flow, length);
        stream.content(flow).gap(length);
      }
    }

    @Override
    public void stepLost(boolean malformed) {
      table.missedSome();
    }

    @Override
    public void stepFound() {}

    abstract void fields(int id, boolean ends, Fields fields, boolean lost, long timeNs);
  }

  private final class Requests extends Side {
    private final Operation first = new Operation();
    private boolean firstOfOperation;
    private ThreadWork threads;

    /** Whose fields are being read; 0 before the first. */
    private int reading;

    Requests(HpackDecoder table) {
      super(Flow.REQUESTS, table);
    }

    boolean isInNewHead() {
      return inFields() && reading > latestRequest;
    }

    @Override
    public void headersBegin(int stream, Operation operation, boolean isFirst) {
      reading = stream;
      if (stream > latestRequest) {
        first.set(operation);
        firstOfOperation = isFirst;
        threads = context.evidence(operation, stream);
      }
    }

    @Override
    void fields(int id, boolean ends, Fields fields, boolean lost, long timeNs) {
      if (id > latestRequest && id % 2 == 1) {
        head(id, ends, fields, lost);
      } else if (ends) { // trailers
        dataEnds(id, timeNs);
      }
    }

    private void head(int id, boolean ends, Fields fields, boolean lost) {
      latestRequest = id;
      dropEarlyBefore(id);
      if (joined && ends && mayBeTrailers(fields)) {
        unreadable(LossCause.STARTED_MIDSTREAM);
        return;
      }
      Http2Stream stream = streams.get(id);
      if (stream == null) {
        stream = open(id);
      } else {
        early--;
      }
      context.begun();
      if (stream == null) {
        context.lost(LossCause.TOO_MANY_PIPELINED, 1);
        return;
      }
      untold++;
      stream.begun = true;
      stream.answerMissed = answers.hasLostStep();
      stream.headLost = lost;
      stream.startedNs = first.timeNs();
      stream.arrivedNs = arrivedNs();
      stream.tid = first.tid();
      stream.threads = threads;
      stream.service = context.service(first.pid());
      stream.requested(fields, shared.authority);
      if (stream.endedEarlyNs != 0) {
        finish(stream, stream.endedEarlyNs, stream.failedEarly);
      } else if (stream.answered && opensTunnel(stream)) {
        openTunnel(stream, first.timeNs());
      }
    }

    /** The beginning of the request may have been missed: then these are the fields of its end. */
    private boolean mayBeTrailers(Fields fields) {
      return fields.incomplete
          && fields.method == null
          && fields.scheme == null
          && fields.path == null
          && fields.authority == null;
    }

    /** Requests begin in the order of their streams: these will not be told any more. */
    private void dropEarlyBefore(int id) {
      if (early == 0) {
        return;
      }
      for (Http2Stream stream : streams.inOrder()) {
        if (!stream.begun && stream.id < id) {
          early--;
          remove(stream);
          unreadable(LossCause.ANSWER_WITHOUT_REQUEST);
        }
      }
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
    public void dataUnknown(int id) {
      Http2Stream stream = streams.get(id);
      if (stream != null) {
        stream.requestLost = true;
      }
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
        finish(stream, timeNs, Failure.ofReset(Flow.REQUESTS, errorCode));
      }
    }

    /** Of what the server has pushed. */
    @Override
    public void goAway(int lastStream, long timeNs) {}

    @Override
    public void stepLost(boolean malformed) {
      super.stepLost(malformed);
      joined = true;
      unreadable(malformed ? LossCause.MALFORMED_MESSAGE : LossCause.HTTP2_LOST_STEP);
      streams.forEach(stream -> stream.requestLost |= !stream.requestEnded);
    }
  }

  private final class Answers extends Side {
    Answers(HpackDecoder table) {
      super(Flow.ANSWERS, table);
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
        finish(stream, timeNs, null); // those of its end: its beginning was not seen
        return;
      }
      if (!stream.answered || corrects) {
        if (Status.isInterim(status) && !ends) {
          return;
        }
        stream.answered(fields, status);
        if (!ends && stream.begun && opensTunnel(stream)) {
          openTunnel(stream, timeNs);
        }
      } else {
        stream.trailers = ends;
      }
      if (ends) {
        stream.ended(fields);
        answerEnds(stream, timeNs, null);
      }
    }

    /**
     * A client that writes and reads in several threads may be interrupted between the sending of
     * its request and the report of that: the answer is then told first.
     *
     * @return null when it is not such a case
     */
    private Http2Stream withoutRequest(int id) {
      if (id <= latestRequest || id % 2 == 0 || !requests.inStep()) {
        return null; // given up, timed out, pushed, or asked when nobody listened
      }
      Http2Stream stream =
          context.role() == Role.CLIENT && early < MAX_EARLY ? Http2Decoder.this.open(id) : null;
      if (stream == null) {
        unreadable(LossCause.ANSWER_WITHOUT_REQUEST);
      } else {
        early++;
      }
      return stream;
    }

    @Override
    public void dataUnknown(int id) {
      Http2Stream stream = streams.get(id);
      if (stream != null) {
        stream.answerLost = true;
      }
    }

    @Override
    public void dataEnds(int id, long timeNs) {
      Http2Stream stream = streams.get(id);
      if (stream != null) {
        answerEnds(stream, timeNs, null);
      }
    }

    @Override
    public void reset(int id, long errorCode, long timeNs) {
      Http2Stream stream = streams.get(id);
      if (stream != null) {
        answerEnds(stream, timeNs, Failure.ofReset(Flow.ANSWERS, errorCode));
      }
    }

    @Override
    public void goAway(int lastStream, long timeNs) {
      for (Http2Stream stream : streams.inOrder()) {
        if (stream.id > lastStream && stream.begun && !stream.answered) {
          finish(stream, timeNs, Failure.REFUSED);
        }
      }
    }

    @Override
    public void stepLost(boolean malformed) {
      super.stepLost(malformed);
      giveUp(malformed ? LossCause.MALFORMED_MESSAGE : LossCause.HTTP2_LOST_STEP);
    }
  }
}
