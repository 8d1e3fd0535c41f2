package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.protocol.Budget;
import io.sonde.pipeline.protocol.Detection;
import io.sonde.pipeline.protocol.Operation;

/**
 * Cuts one flow into frames. Of those that carry no fields the payload need not have been captured.
 * Where a header of a frame was not, the flow is out of step until frames are seen to begin.
 */
final class FrameReader {
  /** What the first byte of the flow is. */
  enum Start {
    /** Of the client's preface (RFC 9113 §3.4). */
    PREFACE,
    /** Of the rest of the request that asked for the upgrade; the preface is behind it. */
    REST_OF_REQUEST,
    FRAME,
    UNKNOWN
  }

  private enum State {
    PREFACE,
    HEADER,
    PAYLOAD,
    OUT_OF_STEP
  }

  private static final int MAX_PREFIX = 8;

  private final Frames frames;
  private final FrameHeader header = new FrameHeader();
  private final byte[] headerBytes = new byte[FrameHeader.LENGTH];
  private int headerLength;
  private final byte[] prefix = new byte[MAX_PREFIX];
  private int prefixLength;
  private final HeaderBlock block;
  private State state;
  private int prefaceLength;

  /** The bytes before the preface are not of HTTP/2. */
  private final boolean restOfRequest;

  /** Moved the first byte of the frame. */
  private final Operation first = new Operation();

  private boolean firstOfOperation;

  // Of the frame's payload, what has not come yet.
  private int prefixLeft;
  private int contentLeft;
  private int paddingLeft;
  private boolean prefixLost;

  // The operation that is being read.
  private long operationNs;
  private long operationBytes;

  /**
   * @param budget of the header blocks of all connections
   */
  FrameReader(Frames frames, Budget budget, Start start) {
    this.frames = frames;
    this.block = new HeaderBlock(budget);
    this.restOfRequest = start == Start.REST_OF_REQUEST;
    this.state =
        switch (start) {
          case PREFACE, REST_OF_REQUEST -> State.PREFACE;
          case FRAME -> State.HEADER;
          case UNKNOWN -> State.OUT_OF_STEP;
        };
  }

  boolean inStep() {
    return state != State.OUT_OF_STEP;
  }

  /** Fields have begun, and their end has not come. */
  boolean inFields() {
    return block.isOpen();
  }

  /** What follows is not known to be frames. */
  void loseStep() {
    state = State.OUT_OF_STEP;
    block.close();
    headerLength = 0;
    prefaceLength = 0;
  }

  void bytes(byte[] data, int offset, int length, Operation operation) {
    if (operation.timeNs() != operationNs) {
      operationNs = operation.timeNs();
      operationBytes = 0;
    }
    int end = offset + length;
    int at = offset;
    if (state == State.OUT_OF_STEP) {
      if (FirstFrame.findsStep(header, data, offset, end)) {
        state = State.HEADER;
      } else if (FirstFrame.detectPreface(data, offset, end) == Detection.FIRST) {
        state = State.PREFACE;
      } else {
        frames.passedOver();
      }
    }
    while (at < end && state != State.OUT_OF_STEP) {
      at =
          switch (state) {
            case PREFACE -> preface(data, at, end);
            case HEADER -> header(data, at, end, operation, operationBytes + at - offset == 0);
            case PAYLOAD -> payload(data, at, end, operation.timeNs());
            case OUT_OF_STEP -> end;
          };
    }
    operationBytes += length;
  }

  /** Bytes that were moved but not captured. */
  void gap(long length, long lastNs) {
    operationBytes += length;
    if (state == State.OUT_OF_STEP) {
      frames.passedOver();
      return;
    }
    long rest = length;
    if (state == State.PAYLOAD) {
      rest -= payloadGap(length, lastNs);
    }
    if (rest > 0) {
      lose(false);
    }
  }

  private void lose(boolean malformed) {
    loseStep();
    frames.stepLost(malformed);
  }

  private int preface(byte[] data, int from, int end) {
    int at = from;
    while (at < end && prefaceLength < FirstFrame.PREFACE.length) {
      if (data[at] == FirstFrame.PREFACE[prefaceLength]) {
        prefaceLength++;
        at++;
      } else if (!restOfRequest) {
        lose(true);
        return end;
      } else if (prefaceLength > 0) {
        prefaceLength = prefaceLength == FirstFrame.SECOND_P ? 1 : 0;
      } else {
        at++;
      }
    }
    if (prefaceLength == FirstFrame.PREFACE.length) {
      state = State.HEADER;
    }
    return at;
  }

  private int header(byte[] data, int from, int end, Operation operation, boolean isFirst) {
    if (headerLength == 0) {
      first.set(operation);
      firstOfOperation = isFirst;
    }
    int n = Math.min(FrameHeader.LENGTH - headerLength, end - from);
    System.arraycopy(data, from, headerBytes, headerLength, n);
    headerLength += n;
    if (headerLength == FrameHeader.LENGTH) {
      headerLength = 0;
      begin(operation.timeNs());
    }
    return from + n;
  }

  private void begin(long timeNs) {
    header.read(headerBytes, 0);
    if (!header.isSound() || !block.mayBeFollowedBy(header)) {
      lose(true);
      return;
    }
    state = State.PAYLOAD;
    prefixLength = 0;
    prefixLost = false;
    prefixLeft = header.prefixLength();
    int content = header.length() - prefixLeft;
    boolean hasContent = header.carriesFields() || header.type() == FrameHeader.DATA;
    contentLeft = hasContent ? content : 0;
    paddingLeft = content - contentLeft;
    if (header.carriesFields() && !block.isOpen()) {
      beginBlock();
    }
    endIfComplete(timeNs);
  }

  private void beginBlock() {
    block.open(header);
    if (!block.isPromised()) {
      frames.headersBegin(header.stream(), first, firstOfOperation);
    }
  }

  private int payload(byte[] data, int from, int end, long timeNs) {
    int at = from;
    if (prefixLeft > 0) {
      int n = Math.min(prefixLeft, end - at);
      System.arraycopy(data, at, prefix, prefixLength, n);
      prefixLength += n;
      prefixLeft -= n;
      at += n;
      if (prefixLeft == 0 && !padding()) {
        lose(true);
        return end;
      }
    }
    if (prefixLeft == 0 && contentLeft > 0 && at < end) {
      int n = Math.min(contentLeft, end - at);
      contentLeft -= n;
      content(data, at, at + n, timeNs);
      at += n;
    }
    if (prefixLeft == 0 && contentLeft == 0) {
      int n = Math.min(paddingLeft, end - at);
      paddingLeft -= n;
      at += n;
    }
    endIfComplete(timeNs);
    return at;
  }

  /**
   * The length of the padding is told before it, if that was captured.
   *
   * @return false when there is more of it than of the frame
   */
  private boolean padding() {
    boolean hasContent = header.carriesFields() || header.type() == FrameHeader.DATA;
    if (hasContent && !prefixLost && header.has(FrameHeader.PADDED) && header.prefixLength() > 0) {
      paddingLeft = prefix[0] & 0xff;
      contentLeft -= paddingLeft;
    }
    return contentLeft >= 0;
  }

  private void content(byte[] data, int from, int to, long timeNs) {
    if (header.type() == FrameHeader.DATA) {
      frames.data(header.stream(), data, from, to);
    } else if (contentLeft == 0
        && !prefixLost
        && block.isEmpty()
        && header.has(FrameHeader.END_HEADERS)) {
      block.tell(frames, data, from, to, timeNs); // from where it lies
    } else {
      block.add(data, from, to);
    }
  }

  private long payloadGap(long length, long lastNs) {
    long rest = length;
    if (prefixLeft > 0) {
      prefixLost = true;
      int n = (int) Math.min(prefixLeft, rest);
      prefixLeft -= n;
      rest -= n;
    }
    if (prefixLeft == 0 && contentLeft > 0 && rest > 0) {
      int n = (int) Math.min(contentLeft, rest);
      contentLeft -= n;
      rest -= n;
      if (header.type() == FrameHeader.DATA) {
        frames.dataGap(header.stream(), n);
      } else {
        block.lose();
      }
    }
    if (prefixLeft == 0 && contentLeft == 0) {
      int n = (int) Math.min(paddingLeft, rest);
      paddingLeft -= n;
      rest -= n;
    }
    endIfComplete(lastNs);
    return length - rest;
  }

  private void endIfComplete(long timeNs) {
    if (state != State.PAYLOAD || prefixLeft + contentLeft + paddingLeft > 0) {
      return;
    }
    state = State.HEADER;
    switch (header.type()) {
      case FrameHeader.DATA -> dataEnds(timeNs);
      case FrameHeader.HEADERS, FrameHeader.PUSH_PROMISE, FrameHeader.CONTINUATION ->
          fieldsEnd(timeNs);
      case FrameHeader.RST_STREAM ->
          frames.reset(header.stream(), prefixLost ? -1 : uint(0), timeNs);
      case FrameHeader.GOAWAY -> {
        if (!prefixLost) {
          frames.goAway((int) uint(0) & Integer.MAX_VALUE, timeNs);
        }
      }
      default -> {}
    }
  }

  private void dataEnds(long timeNs) {
    if (prefixLost) {
      frames.dataUnknown(header.stream());
    }
    if (header.has(FrameHeader.END_STREAM)) {
      frames.dataEnds(header.stream(), timeNs);
    }
  }

  private void fieldsEnd(long timeNs) {
    if (!block.isOpen()) {
      return; // told from where it lay
    }
    if (prefixLost) {
      block.lose();
    }
    if (header.has(FrameHeader.END_HEADERS)) {
      block.tell(frames, timeNs);
    }
  }

  private long uint(int at) {
    return (prefix[at] & 0xffL) << 24
        | (prefix[at + 1] & 0xff) << 16
        | (prefix[at + 2] & 0xff) << 8
        | prefix[at + 3] & 0xff;
  }
}
