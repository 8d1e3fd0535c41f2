package io.sonde.it;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a class of tests has started for all of them, to be ended in the opposite order. */
final class Running {
  private final Deque<AutoCloseable> all = new ArrayDeque<>();

  /** Returns what it is given. */
  <T extends AutoCloseable> T add(T started) {
    all.push(started);
    return started;
  }

  void end() throws Exception {
    while (!all.isEmpty()) {
      all.pop().close();
    }
  }
}
