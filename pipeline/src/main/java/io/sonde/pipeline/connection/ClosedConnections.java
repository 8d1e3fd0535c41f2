package io.sonde.pipeline.connection;

import java.util.Arrays;

/**
 * When the latest closed connections ended, by cookie. A capture may be behind another by what its
 * buffers hold, some 24,000 short connections (8 MiB), and tell of one only when the other has told
 * its end: at least the latest {@value #KEPT} are remembered. Two open-addressing tables, of which
 * the older is dropped when the newer is full; nothing is allocated per connection.
 */
final class ClosedConnections {
  /** No time is told as this. */
  static final long UNKNOWN = -1;

  static final int KEPT = 32_768;

  private Generation newer = new Generation(1024);
  private Generation older = new Generation(2);

  void add(long cookie, long timeNs) {
    if (newer.size == KEPT) {
      older = newer;
      newer = new Generation(1024);
    } else if (newer.size == newer.cookies.length / 2) {
      newer = newer.twiceAsLarge();
    }
    newer.put(cookie, Math.max(timeNs, 0));
  }

  /** {@link #UNKNOWN} when it is not among the latest. */
  long timeOf(long cookie) {
    long time = newer.get(cookie);
    return time == UNKNOWN ? older.get(cookie) : time;
  }

  private static final class Generation {
    /** A free slot is one whose time is unknown. */
    private final long[] cookies;

    private final long[] times;
    private int size;

    Generation(int slots) {
      cookies = new long[slots];
      times = new long[slots];
      Arrays.fill(times, UNKNOWN);
    }

    void put(long cookie, long timeNs) {
      int slot = slot(cookie);
      if (times[slot] == UNKNOWN) {
        size++;
      }
      cookies[slot] = cookie;
      times[slot] = timeNs;
    }

    long get(long cookie) {
      return times[slot(cookie)];
    }

    Generation twiceAsLarge() {
      Generation larger = new Generation(2 * cookies.length);
      for (int i = 0; i < cookies.length; i++) {
        if (times[i] != UNKNOWN) {
          larger.put(cookies[i], times[i]);
        }
      }
      return larger;
    }

    /** Where it is, or would be. There always is a free one. */
    private int slot(long cookie) {
      int slot = ConnectionTable.spread(cookie) & cookies.length - 1;
      while (times[slot] != UNKNOWN && cookies[slot] != cookie) {
        slot = slot + 1 & cookies.length - 1;
      }
      return slot;
    }
  }
}
