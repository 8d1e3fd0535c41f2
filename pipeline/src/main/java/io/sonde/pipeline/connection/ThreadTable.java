package io.sonde.pipeline.connection;

import io.sonde.pipeline.connection.Threads.ServingThread;

/**
 * Threads by id; at least the {@value #KEPT} used last. Two open-addressing tables, of which the
 * older is dropped when the newer is full, so that nobody has to be told when a thread ends.
 */
final class ThreadTable {
  static final int KEPT = 16_384;

  private Generation newer = new Generation(64);
  private Generation older = new Generation(2);

  /** Null when there is none. */
  ServingThread get(int tid) {
    ServingThread thread = newer.get(tid);
    if (thread == null) {
      thread = older.get(tid);
      if (thread != null) {
        add(tid, thread);
      }
    }
    return thread;
  }

  ServingThread getOrAdd(int tid) {
    ServingThread thread = get(tid);
    if (thread == null) {
      thread = new ServingThread();
      add(tid, thread);
    }
    return thread;
  }

  private void add(int tid, ServingThread thread) {
    if (newer.size == KEPT) {
      older = newer;
      newer = new Generation(64);
    } else if (newer.size == newer.tids.length / 2) {
      newer = newer.twiceAsLarge();
    }
    newer.put(tid, thread);
  }

  private static final class Generation {
    private final int[] tids;
    private final ServingThread[] threads; // null: a free slot
    private int size;

    Generation(int slots) {
      tids = new int[slots];
      threads = new ServingThread[slots];
    }

    ServingThread get(int tid) {
      return threads[slot(tid)];
    }

    void put(int tid, ServingThread thread) {
      int slot = slot(tid);
      if (threads[slot] == null) {
        size++;
      }
      tids[slot] = tid;
      threads[slot] = thread;
    }

    Generation twiceAsLarge() {
      Generation larger = new Generation(2 * tids.length);
      for (int i = 0; i < tids.length; i++) {
        if (threads[i] != null) {
          larger.put(tids[i], threads[i]);
        }
      }
      return larger;
    }

    /** Where it is, or would be. There always is a free one. */
    private int slot(int tid) {
      int slot = ConnectionTable.spread(tid) & tids.length - 1;
      while (threads[slot] != null && tids[slot] != tid) {
        slot = slot + 1 & tids.length - 1;
      }
      return slot;
    }
  }
}
