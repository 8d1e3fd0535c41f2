package io.sonde.pipeline.connection;

/**
 * Connections by socket cookie, at most a fixed number, in the order of their last use. A hash
 * table of its own because a {@code LinkedHashMap<Long, …>} makes garbage for every activity.
 */
final class ConnectionTable {
  private final int limit;
  private TrackedConnection[] buckets = new TrackedConnection[64];
  private int size;
  private TrackedConnection eldest;
  private TrackedConnection newest;

  /**
   * @param limit at least 1
   */
  ConnectionTable(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit of connections is " + limit + ", needs at least 1");
    }
    this.limit = limit;
  }

  int size() {
    return size;
  }

  /** Null when not there; else it becomes the latest used. */
  TrackedConnection use(long cookie) {
    TrackedConnection connection = find(cookie);
    if (connection != null && connection != newest) {
      unlinkUse(connection);
      linkNewest(connection);
    }
    return connection;
  }

  /**
   * Adds one that is not there yet.
   *
   * @return the one that had to go for it, or null
   */
  TrackedConnection add(TrackedConnection connection) {
    TrackedConnection evicted = null;
    if (size == limit) {
      evicted = eldest;
      remove(evicted);
    } else if (size >= buckets.length - buckets.length / 4) {
      grow();
    }
    int bucket = bucket(connection.cookie());
    connection.nextInBucket = buckets[bucket];
    buckets[bucket] = connection;
    linkNewest(connection);
    size++;
    return evicted;
  }

  void remove(TrackedConnection connection) {
    int bucket = bucket(connection.cookie());
    if (buckets[bucket] == connection) {
      buckets[bucket] = connection.nextInBucket;
    } else {
      TrackedConnection before = buckets[bucket];
      while (before.nextInBucket != connection) {
        before = before.nextInBucket;
      }
      before.nextInBucket = connection.nextInBucket;
    }
    connection.nextInBucket = null;
    unlinkUse(connection);
    size--;
  }

  /** The one unused longest; null when empty. */
  TrackedConnection eldest() {
    return eldest;
  }

  /** Null when not there; does not count as a use. */
  TrackedConnection find(long cookie) {
    TrackedConnection connection = buckets[bucket(cookie)];
    while (connection != null && connection.cookie() != cookie) {
      connection = connection.nextInBucket;
    }
    return connection;
  }

  private void grow() {
    buckets = new TrackedConnection[buckets.length * 2];
    for (TrackedConnection c = eldest; c != null; c = c.nextUsed) {
      int bucket = bucket(c.cookie());
      c.nextInBucket = buckets[bucket];
      buckets[bucket] = c;
    }
  }

  private int bucket(long cookie) {
    return spread(cookie) & buckets.length - 1;
  }

  /** Cookies are small consecutive numbers with the CPU in some bits. */
  static int spread(long cookie) {
    return (int) (cookie * 0x9E3779B97F4A7C15L >>> 32);
  }

  private void linkNewest(TrackedConnection connection) {
    connection.previousUsed = newest;
    connection.nextUsed = null;
    if (newest == null) {
      eldest = connection;
    } else {
      newest.nextUsed = connection;
    }
    newest = connection;
  }

  private void unlinkUse(TrackedConnection connection) {
    if (connection.previousUsed == null) {
      eldest = connection.nextUsed;
    } else {
      connection.previousUsed.nextUsed = connection.nextUsed;
    }
    if (connection.nextUsed == null) {
      newest = connection.previousUsed;
    } else {
      connection.nextUsed.previousUsed = connection.previousUsed;
    }
  }
}
