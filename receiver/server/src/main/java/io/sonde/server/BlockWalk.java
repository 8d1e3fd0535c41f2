package io.sonde.server;

import io.sonde.contract.MalformedRecordException;
import io.sonde.contract.RecordLayout;
import io.sonde.contract.RecordLayout.Header;
import io.sonde.contract.RecordLayout.Kind;
import io.sonde.contract.RecordReader;
import io.sonde.contract.v1.Block;
import io.sonde.pipeline.event.Activity;
import java.util.BitSet;

/**
 * Goes through the records of one block, of which some may have been handed on ahead of their turn.
 * To be used again for another block.
 */
final class BlockWalk {
  private final RecordReader reader = new RecordReader();
  private final RecordActivity activity = new RecordActivity(reader);
  private final RecordReader ahead = new RecordReader();
  private final RecordActivity activityAhead = new RecordActivity(ahead);

  /** Handed on ahead of their turn, by their offset in units of 8 bytes, on which records start. */
  private final BitSet given = new BitSet();

  private byte[] buffer = {};
  private int length;
  private int announced;
  private boolean stays;

  /** For so many of its records it was looked for what is missing; bounded by whoever looks. */
  int looks;

  int delivered;
  int malformed;
  int failed;

  void begin(Block block) {
    length = block.getRecords().size();
    if (buffer.length < length) {
      buffer = new byte[length];
    }
    block.getRecords().copyTo(buffer, 0);
    reader.wrap(buffer, 0, length);
    announced = block.getCount();
    given.clear();
    stays = false;
    looks = 0;
    delivered = 0;
    malformed = 0;
    failed = 0;
  }

  /**
   * Moves to the next record that was not handed on yet.
   *
   * @return false at the end
   * @throws MalformedRecordException as {@link RecordReader#next}
   */
  boolean next() throws MalformedRecordException {
    if (stays) {
      stays = false;
      return true;
    }
    do {
      if (!reader.next()) {
        return false;
      }
    } while (given.get(slot(reader.offset())));
    return true;
  }

  private static int slot(int offset) {
    return offset / RecordLayout.ALIGNMENT;
  }

  /** The next {@link #next} is to stay on this record. */
  void stay() {
    stays = true;
  }

  /** On the record that it has moved to. */
  RecordReader reader() {
    return reader;
  }

  /** The record that it has moved to, unless that is none. */
  Activity activity() {
    return activity;
  }

  /**
   * Looks for another record of a conversation among those that it has not moved to.
   *
   * @return where it is; -1 when it is not here
   */
  int find(RecordReader conversation, int sequence) {
    int from = reader.nextOffset();
    ahead.wrap(buffer, from, length - from);
    for (boolean more = true; more; ) {
      try {
        more = ahead.next();
        if (more && isOf(conversation) && ahead.sequence() == sequence) {
          return from + ahead.offset();
        }
      } catch (MalformedRecordException e) {
        // Counted when it is its turn; ahead.next() goes on behind it, or finds no more.
      }
    }
    return -1;
  }

  private boolean isOf(RecordReader conversation) {
    return switch (ahead.kind()) {
      case Kind.PLAINTEXT ->
          conversation.kind() == Kind.PLAINTEXT && ahead.session() == conversation.session();
      case Kind.ACTIVITY, Kind.CLOSED ->
          conversation.kind() != Kind.PLAINTEXT && ahead.connection() == conversation.connection();
      default -> false;
    };
  }

  /**
   * A record that was found. It is not moved to later.
   *
   * @param offset as it was found
   */
  Activity take(int offset) {
    ahead.wrap(buffer, offset, length - offset);
    try {
      ahead.next();
    } catch (MalformedRecordException e) {
      throw new IllegalStateException("it was none when it was found", e);
    }
    given.set(slot(offset));
    return activityAhead;
  }

  /**
   * At the end: what a bad length made unreadable is known only by the count, not to be believed
   * beyond what fits.
   */
  int unreadable() {
    int most = Math.min(Math.max(announced, 0), length / Header.SIZE);
    return malformed + Math.max(most - delivered - malformed - failed, 0);
  }
}
