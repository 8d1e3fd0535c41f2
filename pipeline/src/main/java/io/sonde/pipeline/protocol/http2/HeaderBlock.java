package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.protocol.Budget;
import java.util.Arrays;

/**
 * The header block that is being read (RFC 9113 §4.3). One that does not lie in one piece is put
 * together; to a bound.
 */
final class HeaderBlock {
  /** Longer ones are given up; more than any server takes. */
  static final int MAX_LENGTH = 64 * 1024;

  private static final byte[] NONE = {};

  private final Budget budget;

  /** 0: none is being read. */
  private int stream;

  private boolean promised;
  private boolean endsStream;
  private byte[] kept = NONE;
  private int length;
  private boolean lost;

  HeaderBlock(Budget budget) {
    this.budget = budget;
  }

  /** Begins with a frame of HEADERS or PUSH_PROMISE. */
  void open(FrameHeader first) {
    stream = first.stream();
    promised = first.type() == FrameHeader.PUSH_PROMISE;
    endsStream = !promised && first.has(FrameHeader.END_STREAM);
  }

  /** It has begun, and its end has not come. */
  boolean isOpen() {
    return stream != 0;
  }

  boolean isPromised() {
    return promised;
  }

  /** Until its end no other frame may come than those that continue it (§6.10). */
  boolean mayBeFollowedBy(FrameHeader next) {
    boolean continues = next.type() == FrameHeader.CONTINUATION;
    return isOpen() ? continues && next.stream() == stream : !continues;
  }

  void add(byte[] data, int from, int to) {
    int needed = length + to - from;
    if (lost || needed > MAX_LENGTH || !hasRoomFor(needed)) {
      lose();
      return;
    }
    System.arraycopy(data, from, kept, length, to - from);
    length = needed;
  }

  /** A part of it is missing. */
  void lose() {
    drop();
    lost = true;
  }

  /** Nothing was put together so far. */
  boolean isEmpty() {
    return length == 0 && !lost;
  }

  /** All of it lies there. */
  void tell(Frames frames, byte[] data, int from, int to, long timeNs) {
    int itsStream = stream;
    stream = 0;
    frames.fields(itsStream, promised, endsStream, data, from, to, timeNs);
  }

  /** All of it was put together, or lost. */
  void tell(Frames frames, long timeNs) {
    if (lost) {
      frames.fieldsLost(stream, promised, endsStream, timeNs);
    } else {
      frames.fields(stream, promised, endsStream, kept, 0, length, timeNs);
    }
    close();
  }

  /** None is being read any more. */
  void close() {
    stream = 0;
    drop();
  }

  private void drop() {
    budget.giveBack(kept.length);
    kept = NONE;
    length = 0;
    lost = false;
  }

  private boolean hasRoomFor(int needed) {
    if (needed <= kept.length) {
      return true;
    }
    int capacity = Math.min(MAX_LENGTH, Math.max(512, Math.max(needed, kept.length * 2)));
    if (!budget.take(capacity - kept.length)) {
      return false;
    }
    kept = Arrays.copyOf(kept, capacity);
    return true;
  }
}
