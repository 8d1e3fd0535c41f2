package io.sonde.probes.capture;

import io.sonde.contract.v1.CaptureMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Messages that the receiver has not acknowledged, in order: first those sent, then those still to
 * be sent. Bounded by bytes: while it is full nothing is taken from the ring buffer, and what the
 * kernel cannot write there it counts. For one thread.
 */
final class Outbox {
  /**
   * @param message its sequence is given by the outbox
   * @param records how many are in it
   * @param introduction what a receiver that comes later cannot be told any more otherwise and has
   *     to know before it: a process that the message says has gone, or connections that it closes
   */
  record Item(CaptureMessage message, int records, Optional<CaptureMessage> introduction) {
    Item(CaptureMessage.Builder message, int records) {
      this(message.build(), records, Optional.empty());
    }

    private int bytes() {
      return message.getSerializedSize()
          + introduction.map(CaptureMessage::getSerializedSize).orElse(0);
    }
  }

  private record Entry(Item item, int bytes) {
    CaptureMessage message() {
      return item.message();
    }
  }

  private final int maxBytes;
  private final Deque<Entry> sent = new ArrayDeque<>();
  private final Deque<Entry> unsent = new ArrayDeque<>();
  private long sequence;
  private int bytes;

  Outbox(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  boolean hasRoom() {
    return bytes < maxBytes;
  }

  /** Sequence of the oldest message that could be sent again, 0 when none. */
  long oldestSequence() {
    Entry first = sent.isEmpty() ? unsent.peekFirst() : sent.peekFirst();
    return first == null ? 0 : first.message().getSequence();
  }

  boolean isEmpty() {
    return sent.isEmpty() && unsent.isEmpty();
  }

  void add(Item item) {
    CaptureMessage numbered = item.message().toBuilder().setSequence(++sequence).build();
    Item sendable = new Item(numbered, item.records(), item.introduction());
    Entry entry = new Entry(sendable, sendable.bytes());
    bytes += entry.bytes();
    unsent.addLast(entry);
  }

  boolean hasUnsent() {
    return !unsent.isEmpty();
  }

  void sendNext(Consumer<CaptureMessage> out) {
    Entry entry = unsent.removeFirst();
    sent.addLast(entry);
    out.accept(entry.message());
  }

  void acknowledge(long upTo) {
    while (!sent.isEmpty() && sent.peekFirst().message().getSequence() <= upTo) {
      bytes -= sent.removeFirst().bytes();
    }
  }

  /** The same receiver is back: it says what it has, the rest is sent again. */
  void resumeAfter(long lastSequence) {
    acknowledge(lastSequence);
    while (!sent.isEmpty()) {
      unsent.addFirst(sent.removeLast());
    }
  }

  /**
   * Another receiver answers. What the former one was sent and did not acknowledge may have been
   * reported or not: sending it again could report it twice, so it is given up.
   *
   * @return how many records that were
   */
  long giveUpSent() {
    long records = 0;
    while (!sent.isEmpty()) {
      Entry entry = sent.removeFirst();
      bytes -= entry.bytes();
      records += entry.item().records();
    }
    return records;
  }

  /**
   * Takes out what was never sent, so that something can be sent before it. Added again, it gets
   * another sequence.
   */
  List<Item> takeUnsent() {
    List<Item> taken = new ArrayList<>();
    while (!unsent.isEmpty()) {
      Entry entry = unsent.removeFirst();
      bytes -= entry.bytes();
      taken.add(entry.item());
    }
    return taken;
  }
}
