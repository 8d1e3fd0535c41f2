package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.accounting.Tunnel;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.Flow;
import java.util.function.Consumer;

/**
 * The streams of a connection from their beginning to their end. Each is told or lost once; there
 * are never more of them than the bounds of the connection and of the capture allow.
 */
final class OpenStreams {
  /** Answers told before their requests: what a client's threads may have between them. */
  private static final int MAX_EARLY = 64;

  private static final String WEBSOCKET = "websocket";

  private final ConnectionContext context;
  private final Http2Protocol shared;
  private final Exchanges exchanges;
  private final StreamTable streams = new StreamTable();

  /** Requests that have begun and are neither reported nor given up. */
  private int untold;

  /** Of all streams together. */
  private int fieldsLength;

  /** Streams of which only the answer was told so far. */
  private int early;

  OpenStreams(ConnectionContext context, Http2Protocol shared) {
    this.context = context;
    this.shared = shared;
    this.exchanges = new Exchanges(context, shared.query);
  }

  /** Requests that have begun and are neither reported nor given up. */
  int untold() {
    return untold;
  }

  /** Null when it is not open. */
  Http2Stream get(int id) {
    return streams.get(id);
  }

  /** In the order in which they were opened; a copy. */
  Http2Stream[] inOrder() {
    return streams.inOrder();
  }

  /** In no order. What is called may neither open nor end one. */
  void forEach(Consumer<Http2Stream> action) {
    streams.forEach(action);
  }

  // ---- they begin

  /**
   * A request begins, whose answer may have come already.
   *
   * @param itsFieldsLength of what is kept of its fields, characters
   * @return null when there is no room for it: it is counted as lost
   */
  Http2Stream begin(int id, int itsFieldsLength) {
    context.begun();
    Http2Stream stream = streams.get(id);
    if (stream == null) {
      stream = open(id);
    } else {
      early--;
    }
    if (stream != null && !shared.openFields.take(itsFieldsLength)) {
      remove(stream);
      stream = null;
    }
    if (stream == null) {
      context.lost(LossCause.TOO_MANY_PIPELINED, 1);
      return null;
    }
    stream.fieldsLength = itsFieldsLength;
    fieldsLength += itsFieldsLength;
    stream.begun = true;
    untold++;
    return stream;
  }

  /**
   * The request has begun in HTTP/1, and was counted there.
   *
   * @param told it has been reported there, too
   * @return null when there is no room for it: it is counted as lost
   */
  Http2Stream takeOver(int id, boolean told) {
    Http2Stream stream = open(id);
    if (stream == null) {
      context.lost(LossCause.TOO_MANY_PIPELINED, told ? 0 : 1);
      return null;
    }
    stream.begun = true;
    stream.told = told;
    untold += told ? 0 : 1;
    return stream;
  }

  /**
   * An answer whose request has not been told yet.
   *
   * @return null when there is no room for it
   */
  Http2Stream openEarly(int id) {
    Http2Stream stream = early < MAX_EARLY ? open(id) : null;
    if (stream != null) {
      early++;
    }
    return stream;
  }

  /** Requests begin in the order of their streams: these will not be told any more. */
  void dropEarlyBefore(int id) {
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

  // ---- they end

  /**
   * Its answer is over, or will not come.
   *
   * @param failure why it is not complete; null when it is
   */
  void finish(Http2Stream stream, long endedNs, Failure failure) {
    remove(stream);
    if (failure != null && stream.isDoubtful()) {
      lose(stream, LossCause.HTTP2_LOST_STEP);
    } else if (failure == null && !stream.answered) {
      lose(stream, stream.answerMissed ? LossCause.HTTP2_LOST_STEP : LossCause.MALFORMED_MESSAGE);
    } else {
      tell(stream, endedNs, failure);
    }
  }

  /** The same, whether its request was told or not. */
  void answerEnds(Http2Stream stream, long timeNs, Failure failure) {
    if (stream.begun) {
      finish(stream, timeNs, failure);
    } else {
      stream.endedEarlyNs = timeNs;
      stream.failedEarly = failure;
    }
  }

  /** All of them, with the connection. */
  void closed(long timeNs, Failure failure) {
    for (Http2Stream stream : streams.inOrder()) {
      if (stream.begun) {
        finish(stream, timeNs, failure);
      } else {
        unreadable(LossCause.ANSWER_WITHOUT_REQUEST);
      }
    }
    clear();
  }

  /** All of them, without being told. */
  void giveUp(LossCause cause) {
    if (untold > 0) {
      context.lost(cause, untold);
    }
    clear();
  }

  /** Tells those that have waited too long; their answers may still come. */
  void expire(long nowNs, long timeoutNs) {
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

  /** One thing that cannot be told of any stream, as both begun and lost. */
  void unreadable(LossCause cause) {
    context.begun();
    context.lost(cause, 1);
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

  private void remove(Http2Stream stream) {
    shared.openStreams--;
    shared.openFields.giveBack(stream.fieldsLength);
    fieldsLength -= stream.fieldsLength;
    streams.remove(stream);
  }

  private void clear() {
    shared.openStreams -= streams.size();
    shared.openFields.giveBack(fieldsLength);
    fieldsLength = 0;
    streams.clear();
    untold = 0;
    early = 0;
  }

  // ---- they become tunnels

  /** The exchange is over; what follows on its stream is not HTTP. */
  void openTunnel(Http2Stream stream, long timeNs) {
    tell(stream, timeNs, null);
    if (stream.protocol == null) {
      stream.tunnel = Tunnel.CONNECT;
    } else {
      stream.tunnel = WEBSOCKET.equals(stream.protocol) ? Tunnel.WEBSOCKET : Tunnel.OTHER;
    }
    context.tunnelOpened(stream.tunnel);
  }

  /** Counts contents that are not of HTTP; those of other streams are no matter of this. */
  void tunnelBytes(Http2Stream stream, Flow flow, long bytes) {
    if (stream.tunnel != null) {
      context.tunnelBytes(stream.tunnel, flow, bytes);
    }
  }
}
