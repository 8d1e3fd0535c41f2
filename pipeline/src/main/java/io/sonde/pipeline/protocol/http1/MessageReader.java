package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.protocol.Budget;
import io.sonde.pipeline.protocol.Detection;
import io.sonde.pipeline.protocol.MalformedMessageException;
import io.sonde.pipeline.protocol.Operation;

/** Cuts one flow into messages: head, body, next head; or passes over what cannot be read. */
final class MessageReader {
  private enum State {
    /** At the boundary between messages. */
    START,
    HEAD,
    BODY,
    /** Not in step with the messages: bytes are passed over until {@link #restart}. */
    SKIP,
    /** It is not, or not yet, known to be messages: bytes are counted until {@link #takeHeld}. */
    HOLD
  }

  /** What is found. Times are CLOCK_MONOTONIC ns. */
  interface Messages {
    /**
     * The first byte of a message was moved by {@code operation}.
     *
     * @return false to pass over it and what follows
     */
    boolean begins(Operation operation);

    /** Whether a head may begin so. */
    Detection detect(byte[] data, int from, int to);

    /**
     * Reads the head and tells {@code body} how the message is framed.
     *
     * @param cut the head was not captured to its end
     */
    void head(byte[] data, int from, int to, boolean cut, BodyReader body)
        throws MalformedMessageException;

    /**
     * The last byte of the message was moved then.
     *
     * @param payload bytes of its content; -1 when not known
     */
    void ends(long timeNs, long payload);
  }

  private final Messages messages;
  private final boolean requests;
  private final HeadReader head;
  private final BodyReader body = new BodyReader();
  private State state;
  private long held;

  MessageReader(Messages messages, boolean requests, Budget budget, boolean inStep) {
    this.messages = messages;
    this.requests = requests;
    this.head = new HeadReader(budget);
    this.state = inStep ? State.START : State.SKIP;
  }

  boolean atStart() {
    return state == State.START;
  }

  boolean inHead() {
    return state == State.HEAD;
  }

  boolean inBody() {
    return state == State.BODY;
  }

  boolean skipping() {
    return state == State.SKIP;
  }

  BodyReader body() {
    return body;
  }

  boolean holding() {
    return state == State.HOLD;
  }

  void skip() {
    head.reset();
    held = 0; // what was held back was for an answer that will not be read now
    state = State.SKIP;
  }

  /** What follows is not to be taken for messages until it is known to be some. */
  void hold() {
    state = State.HOLD;
    held = 0;
  }

  /** Bytes that went by since {@link #hold}, which counts anew from here. */
  long takeHeld() {
    long bytes = held;
    held = 0;
    return bytes;
  }

  /** The next byte is the first of a message. */
  void restart() {
    head.reset();
    state = State.START;
  }

  void bytes(byte[] data, int offset, int length, Operation operation)
      throws MalformedMessageException {
    int at = offset;
    int end = offset + length;
    while (at < end && state != State.SKIP && state != State.HOLD) {
      if (state == State.START) {
        at = start(data, at, end, operation);
      } else if (state == State.HEAD) {
        at = head(data, at, end, operation.timeNs());
      } else {
        at = body.read(data, at, end);
        endIfComplete(operation.timeNs());
      }
    }
    if (state == State.HOLD) {
      held += end - at;
    }
  }

  /**
   * @return how many bytes are behind the end of the message that was open: the next one's start is
   *     among them and was not captured
   */
  long gap(long length, long lastNs) throws MalformedMessageException {
    if (state == State.HEAD) {
      cutHead(lastNs);
      return 0;
    }
    if (state == State.HOLD) {
      held += length;
    }
    if (state != State.BODY) {
      return state == State.START ? length : 0;
    }
    long rest = body.gap(length);
    endIfComplete(lastNs);
    return state == State.START ? rest : 0;
  }

  void tail(byte[] tail, int length, long lastNs) {
    if (state == State.BODY) {
      body.tail(tail, length);
      endIfComplete(lastNs);
    }
  }

  /** Nothing more of the head that is being read will be captured. */
  void cutHead(long timeNs) throws MalformedMessageException {
    headRead(head.bytes(), head.from(), head.to(), true, timeNs);
  }

  private int start(byte[] data, int offset, int end, Operation operation) {
    int at = requests ? StartLine.skipLineEnds(data, offset, end) : offset;
    if (at < end) {
      state = messages.begins(operation) ? State.HEAD : State.SKIP;
    }
    return at;
  }

  private int head(byte[] data, int offset, int end, long timeNs) throws MalformedMessageException {
    int behind = head.read(data, offset, end);
    if (behind >= 0) {
      headRead(head.bytes(), head.from(), head.to(), false, timeNs);
      return behind;
    }
    if (head.isFull()) {
      cutHead(timeNs);
    } else if (messages.detect(head.bytes(), head.from(), head.to()) == Detection.NO) {
      // Noticed early, so that a conversation in another protocol is not kept for long.
      throw new MalformedMessageException(Http1Protocol.NAME, 0, "a start line");
    }
    return end;
  }

  private void headRead(byte[] data, int from, int to, boolean cut, long timeNs)
      throws MalformedMessageException {
    messages.head(data, from, to, cut, body);
    head.reset();
    if (state == State.HEAD) { // and not told to skip
      state = State.BODY;
    }
    endIfComplete(timeNs);
  }

  private void endIfComplete(long timeNs) {
    if (state == State.BODY && body.ended()) {
      state = State.START;
      messages.ends(timeNs, body.payload());
    }
  }
}
