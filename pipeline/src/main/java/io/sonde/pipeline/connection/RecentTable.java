package io.sonde.pipeline.connection;

import java.util.function.Supplier;

/**
 * Values by process, id and part of it; at least the {@value #KEPT} used last. Two open-addressing
 * tables, of which the older is dropped when the newer is full, so that nobody has to be told when
 * a thread, or whatever else has the id, ends.
 */
final class RecentTable<V> {
  static final int KEPT = 16_384;

  private Generation newer = new Generation(64);
  private Generation older = new Generation(2);

  /** Null when there is none. */
  V get(int pid, long id, int part) {
    V value = valueIn(newer, pid, id, part);
    if (value == null) {
      value = valueIn(older, pid, id, part);
      if (value != null) {
        put(pid, id, part, value);
      }
    }
    return value;
  }

  V getOrAdd(int pid, long id, Supplier<V> made) {
    V value = get(pid, id, 0);
    if (value == null) {
      value = made.get();
      put(pid, id, 0, value);
    }
    return value;
  }

  void put(int pid, long id, int part, V value) {
    if (newer.size == KEPT) {
      older = newer;
      newer = new Generation(64);
    } else if (newer.size == newer.values.length / 2) {
      newer = newer.twiceAsLarge();
    }
    newer.put(pid, id, part, value);
  }

  @SuppressWarnings("unchecked") // only put() fills it
  private V valueIn(Generation generation, int pid, long id, int part) {
    return (V) generation.values[generation.slot(pid, id, part)];
  }

  private static final class Generation {
    private final int[] pids;
    private final long[] ids;
    private final int[] parts;
    private final Object[] values; // null: a free slot
    private int size;

    Generation(int slots) {
      pids = new int[slots];
      ids = new long[slots];
      parts = new int[slots];
      values = new Object[slots];
    }

    void put(int pid, long id, int part, Object value) {
      int slot = slot(pid, id, part);
      if (values[slot] == null) {
        size++;
      }
      pids[slot] = pid;
      ids[slot] = id;
      parts[slot] = part;
      values[slot] = value;
    }

    Generation twiceAsLarge() {
      Generation larger = new Generation(2 * values.length);
      for (int i = 0; i < values.length; i++) {
        if (values[i] != null) {
          larger.put(pids[i], ids[i], parts[i], values[i]);
        }
      }
      return larger;
    }

    /** Where it is, or would be. There always is a free one. */
    private int slot(int pid, long id, int part) {
      int slot = ConnectionTable.spread(id * 31 + pid + 0x9e3779b9L * part) & values.length - 1;
      while (values[slot] != null
          && (ids[slot] != id || pids[slot] != pid || parts[slot] != part)) {
        slot = slot + 1 & values.length - 1;
      }
      return slot;
    }
  }
}
