package io.sonde.pipeline.connection;

import io.sonde.pipeline.event.Activity;
import java.util.ArrayList;
import java.util.List;

/** What was told of one TLS session while its connection was not known. */
final class HeldPlaintext {
  /**
   * How much is held, of one capture.
   *
   * @param sessions at a time
   * @param records of one session
   * @param bytes of all sessions together, as they are in memory
   * @param ageNs of the first record of a session: a peer's next message comes later than that only
   *     on a connection that is idle
   */
  record Limits(int sessions, int records, long bytes, long ageNs) {
    static final Limits DEFAULT = new Limits(1024, 64, 4 << 20, 30_000_000_000L);
  }

  private final List<HeldActivity> activities = new ArrayList<>(2);
  private final long sinceNs;
  private long bytes;

  HeldPlaintext(long sinceNs) {
    this.sinceNs = sinceNs;
  }

  /**
   * @return bytes that it takes
   */
  int add(Activity a, byte[] scratch) {
    HeldActivity copy = HeldActivity.copyOf(a, scratch);
    activities.add(copy);
    bytes += copy.size();
    return copy.size();
  }

  List<HeldActivity> activities() {
    return activities;
  }

  long bytes() {
    return bytes;
  }

  long sinceNs() {
    return sinceNs;
  }
}
