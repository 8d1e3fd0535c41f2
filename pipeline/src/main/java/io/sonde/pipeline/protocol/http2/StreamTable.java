package io.sonde.pipeline.protocol.http2;

import java.util.Arrays;
import java.util.function.Consumer;

/** The open streams of a connection, by number: linear probing, no object but the streams. */
final class StreamTable {
  /** Servers mostly allow 100 to 256 at a time; nobody is known to allow more than this. */
  static final int MAX_OPEN = 1024;

  private static final int SMALLEST = 8;

  private Http2Stream[] slots = new Http2Stream[SMALLEST];
  private int size;

  int size() {
    return size;
  }

  /** Null when it is not open. */
  Http2Stream get(int id) {
    int slot = slot(id);
    while (slots[slot] != null) {
      if (slots[slot].id == id) {
        return slots[slot];
      }
      slot = next(slot);
    }
    return null;
  }

  /** Adds one whose number is not there; there must be room. */
  void add(Http2Stream stream) {
    if (size * 2 == slots.length) {
      Http2Stream[] before = slots;
      slots = new Http2Stream[2 * before.length];
      for (Http2Stream moved : before) {
        if (moved != null) {
          put(moved);
        }
      }
    }
    put(stream);
    size++;
  }

  void remove(Http2Stream stream) {
    int slot = slot(stream.id);
    while (slots[slot] != stream) {
      slot = next(slot);
    }
    slots[slot] = null;
    size--;
    // Those behind it may be there only because it was in their way: each fills the hole that the
    // one before it left, unless it belongs behind that.
    int hole = slot;
    for (int at = next(slot); slots[at] != null; at = next(at)) {
      if (distance(slot(slots[at].id), at) >= distance(hole, at)) {
        slots[hole] = slots[at];
        slots[at] = null;
        hole = at;
      }
    }
  }

  /** In no order. What is called may not change the table. */
  void forEach(Consumer<Http2Stream> action) {
    for (Http2Stream stream : slots) {
      if (stream != null) {
        action.accept(stream);
      }
    }
  }

  /** In the order in which they were opened. */
  Http2Stream[] inOrder() {
    Http2Stream[] all = new Http2Stream[size];
    int n = 0;
    for (Http2Stream stream : slots) {
      if (stream != null) {
        all[n++] = stream;
      }
    }
    Arrays.sort(all, (a, b) -> Integer.compare(a.id, b.id));
    return all;
  }

  void clear() {
    slots = new Http2Stream[SMALLEST];
    size = 0;
  }

  private void put(Http2Stream stream) {
    int slot = slot(stream.id);
    while (slots[slot] != null) {
      slot = next(slot);
    }
    slots[slot] = stream;
  }

  /** Streams of clients are odd. */
  private int slot(int id) {
    return id >>> 1 & slots.length - 1;
  }

  private int distance(int from, int to) {
    return to - from & slots.length - 1;
  }

  private int next(int slot) {
    return slot + 1 & slots.length - 1;
  }
}
