package io.sonde.server;

import io.sonde.contract.MalformedRecordException;
import io.sonde.contract.RecordLayout.Kind;
import io.sonde.contract.RecordReader;
import io.sonde.contract.v1.Block;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.CaptureSink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Hands the records of blocks to the pipeline, in place. Every record is counted once.
 *
 * <p>A thread that is stopped between taking a number for its record and taking a place in the ring
 * buffer is overtaken by another one that uses the same connection. So where a record of a
 * conversation is missing, it is looked for in what comes behind, and handed on first; what has
 * been overtaken comes soon, or is lost.
 */
final class BlockFeed {
  private static final Logger LOG = Logger.getLogger(BlockFeed.class.getName());

  /** In which what is missing is looked for; there is one every 4 ms at most. */
  private static final int MAX_BLOCKS = 4;

  /** There are no more threads than that between their numbers and their places. */
  private static final int MAX_MISSING = 16;

  /** A block with more holes comes from a ring that was full. */
  private static final int MAX_LOOKS = 64;

  private final CaptureSink sink;
  private final Account account;
  private final RecordToEvent events;

  /** Taken, and not handed on to their end; the first one waits for what the others may bring. */
  private final Deque<BlockWalk> blocks = new ArrayDeque<>();

  private final Deque<BlockWalk> spare = new ArrayDeque<>();
  private final BlockWalk[] foundIn = new BlockWalk[MAX_MISSING];
  private final int[] foundAt = new int[MAX_MISSING];
  private long taken;
  private boolean failureLogged;

  BlockFeed(CaptureSink sink, Account account) {
    this.sink = sink;
    this.account = account;
    this.events = new RecordToEvent(sink);
  }

  void take(Block block) {
    BlockWalk walk = spare.isEmpty() ? new BlockWalk() : spare.pop();
    walk.begin(block);
    blocks.add(walk);
    taken++;
    handOn(MAX_BLOCKS);
  }

  /** Waits no longer. */
  void settle() {
    handOn(0);
  }

  /** Blocks that were taken so far. */
  long taken() {
    return taken;
  }

  /** Of these, those that were handed on to their end. */
  long handedOn() {
    return taken - blocks.size();
  }

  private void handOn(int maxBlocks) {
    while (!blocks.isEmpty() && handOn(blocks.element(), blocks.size() < maxBlocks)) {
      BlockWalk walk = blocks.remove();
      account(walk);
      spare.push(walk);
    }
  }

  private void account(BlockWalk walk) {
    int malformed = walk.unreadable();
    account.in(walk.delivered + malformed + walk.failed);
    account.out(walk.delivered);
    if (malformed > 0) {
      account.lost(LossCause.MALFORMED_RECORD, malformed);
      sink.lost(LossCause.MALFORMED_RECORD.label(), malformed);
    }
    if (walk.failed > 0) {
      account.lost(LossCause.INTERNAL_ERROR, walk.failed);
      sink.lost(LossCause.INTERNAL_ERROR.label(), walk.failed);
    }
  }

  /**
   * @return false when one of the records is to wait
   */
  private boolean handOn(BlockWalk walk, boolean mayWait) {
    for (boolean more = true; more; ) {
      try {
        more = walk.next();
        if (more) {
          if (!bringOvertaken(walk, mayWait)) {
            walk.stay();
            return false;
          }
          events.deliver(walk.reader(), walk.activity());
          walk.delivered++;
        }
      } catch (MalformedRecordException e) {
        walk.malformed++;
        LOG.log(severity(Level.WARNING), "Malformed {0}", e.getMessage());
      } catch (RuntimeException e) {
        failed(walk, e);
      }
    }
    return true;
  }

  /**
   * Hands on what the record has overtaken, as far as it has come.
   *
   * @return false when something is missing that may still come
   */
  private boolean bringOvertaken(BlockWalk walk, boolean mayWait) {
    RecordReader reader = walk.reader();
    if (reader.kind() == Kind.CONNECTION || reader.kind() == Kind.GOROUTINE) {
      return true;
    }
    int missing = sink.missingBefore(walk.activity());
    if (missing <= 0 || missing > MAX_MISSING || walk.looks == MAX_LOOKS) {
      return true;
    }
    walk.looks++;
    boolean all = true;
    for (int i = 0; i < missing; i++) {
      all &= find(reader, reader.sequence() - missing + i, i);
    }
    if (!all && mayWait) {
      return false;
    }
    for (int i = 0; i < missing; i++) {
      if (foundIn[i] != null) {
        deliverAhead(foundIn[i], foundAt[i]);
      }
    }
    return true;
  }

  private boolean find(RecordReader conversation, int sequence, int i) {
    for (BlockWalk walk : blocks) {
      foundIn[i] = walk;
      foundAt[i] = walk.find(conversation, sequence);
      if (foundAt[i] >= 0) {
        return true;
      }
    }
    foundIn[i] = null;
    return false;
  }

  private void deliverAhead(BlockWalk walk, int offset) {
    try {
      sink.activity(walk.take(offset));
      walk.delivered++;
    } catch (RuntimeException e) {
      failed(walk, e);
    }
  }

  private void failed(BlockWalk walk, RuntimeException e) {
    walk.failed++;
    LOG.log(severity(Level.SEVERE), "A record could not be handled", e);
  }

  /** Bad input may come a million times: the first one is told, the others are counted. */
  private Level severity(Level first) {
    Level level = failureLogged ? Level.FINE : first;
    failureLogged = true;
    return level;
  }
}
