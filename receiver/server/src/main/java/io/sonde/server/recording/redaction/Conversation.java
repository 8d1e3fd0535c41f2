package io.sonde.server.recording.redaction;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The two directions of a connection, and what one has to know of the other: an answer's framing
 * depends on its request (RFC 9112 §6.3).
 */
final class Conversation {
  private enum Asked {
    HEAD,
    CONNECT,
    OTHER
  }

  /** More unanswered requests than these are not told apart. */
  private static final int MAX_PENDING = 64;

  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final Flow received;
  private final Flow transmitted;
  private final Deque<Asked> pending = new ArrayDeque<>(4);

  /** Null until a start line tells. */
  private Flow requests;

  private boolean unsure;

  // As a record tells them.
  private boolean started;
  private int lastSequence;
  private long rxPosition;
  private long txPosition;
  private Flow turn;

  /**
   * @param server true or false when the side is known, else null
   */
  Conversation(boolean midstream, Boolean server) {
    received = new Flow(this, midstream);
    transmitted = new Flow(this, midstream);
    unsure = midstream;
    if (server != null) {
      requests = server ? received : transmitted;
    }
  }

  /**
   * The next record; to be called before its bytes.
   *
   * @return false when it is not the next one: then nothing in it can be judged
   */
  boolean next(int sequence) {
    int step = sequence - lastSequence;
    if (started && step <= 0) {
      return false;
    }
    if (started && step > 1) {
      received.lose();
      transmitted.lose();
    }
    started = true;
    lastSequence = sequence;
    return true;
  }

  /** Where its directions stood before that record. */
  void positions(long rxOffset, long txOffset) {
    rxPosition = moveTo(received, rxPosition, rxOffset);
    txPosition = moveTo(transmitted, txPosition, txOffset);
  }

  private static long moveTo(Flow flow, long position, long offset) {
    if (offset > position) {
      flow.gap(offset - position);
      return offset;
    }
    return position;
  }

  /**
   * One operation.
   *
   * @param captured of its bytes, at {@code from} in {@code data}
   */
  void moved(boolean received, long offset, byte[] data, int from, int captured, int bytes) {
    begins(received, offset);
    piece(received, data, from, from + captured);
    gap(received, bytes - (long) captured);
    ended(received, offset + bytes);
  }

  // Or piece by piece:

  /** One operation. */
  void begins(boolean received, long offset) {
    if (offset < (received ? rxPosition : txPosition)) {
      this.received.lose();
      transmitted.lose();
    }
  }

  /** Whether this direction is HTTP/2, or becomes it with these bytes. */
  boolean isHttp2(boolean received, byte[] data, int from, int to) {
    return flow(received).isHttp2(data, from, to);
  }

  void piece(boolean received, byte[] data, int from, int to) {
    Flow flow = flow(received);
    flow.redact(data, from, to, turn != flow);
    turn = flow;
  }

  /** Of the operation, what was not captured. */
  void gap(boolean received, long bytes) {
    if (bytes > 0) {
      flow(received).gap(bytes);
    }
  }

  /**
   * @param offset behind the operation
   */
  void ended(boolean received, long offset) {
    if (received) {
      rxPosition = offset;
    } else {
      txPosition = offset;
    }
  }

  private Flow flow(boolean ofReceived) {
    return ofReceived ? received : transmitted;
  }

  boolean takesRequests(Flow flow) {
    if (requests == null) {
      requests = flow;
    }
    return requests == flow;
  }

  boolean takesAnswers(Flow flow) {
    if (requests == null) {
      requests = flow == received ? transmitted : received;
    }
    return requests != flow;
  }

  void turnBegins(Flow flow) {
    if (unsure && flow == requests) {
      pending.clear();
      unsure = false;
    }
  }

  /** Whether an answer may have ended earlier than it seems. */
  boolean isUnsureOf(Flow flow) {
    return unsure && flow != requests;
  }

  /** Which requests are answered next is not known. */
  void lost() {
    pending.clear();
    unsure = true;
  }

  /** Tells the body how it is framed. */
  void headEnded(Flow flow, StartLine startLine, Fields fields, Body body) {
    if (flow == requests) {
      requestEnded(startLine, fields, body);
    } else {
      answerEnded(startLine.status(), fields, body);
    }
  }

  private void requestEnded(StartLine startLine, Fields fields, Body body) {
    if (pending.size() == MAX_PENDING) {
      lost();
    }
    if (startLine.isMethod("CONNECT")) {
      pending.add(Asked.CONNECT);
      requests.becomeTunnel();
      return;
    }
    pending.add(startLine.isMethod("HEAD") ? Asked.HEAD : Asked.OTHER);
    if (fields.isUnframed() || fields.isCoded() && !fields.isChunked()) {
      requests.lose();
    } else if (fields.isCoded()) {
      body.chunked();
    } else {
      body.ofLength(Math.max(fields.contentLength(), 0));
    }
  }

  private void answerEnded(int status, Fields fields, Body body) {
    if (status == SWITCHING_PROTOCOLS) {
      received.becomeTunnel();
      transmitted.becomeTunnel();
      return;
    }
    if (status < 200) {
      body.none();
      return;
    }
    Asked asked = pending.poll();
    if (asked == null) {
      unsure = true;
    }
    boolean connected = asked == Asked.CONNECT && status < 300;
    if (connected) {
      received.becomeTunnel();
      transmitted.becomeTunnel();
      return;
    }
    if (asked == Asked.CONNECT) {
      requests.leaveTunnel();
    }
    if (asked == Asked.HEAD || status == NO_CONTENT || status == NOT_MODIFIED) {
      body.none();
    } else if (fields.isUnframed()) {
      answers().lose();
    } else if (fields.isCoded() && fields.isChunked()) {
      body.chunked();
    } else if (fields.isCoded() || fields.contentLength() == Fields.NONE) {
      body.untilClose();
    } else {
      body.ofLength(fields.contentLength());
    }
  }

  private Flow answers() {
    return requests == received ? transmitted : received;
  }
}
