package io.sonde.launcher.config;

import java.time.Duration;
import java.util.List;

/** What spans are made of a request. */
final class TraceKeys {
  static final Option<Duration> QUEUE_THRESHOLD =
      Option.of(
          "queue_threshold",
          Types.DURATION,
          "1ms",
          "A request that waited this long between its arrival and the program's first read gets"
              + " the child spans \"in queue\" and \"processing\".");

  /** In the order of the reference file. */
  static final List<Option<?>> ALL = List.of(QUEUE_THRESHOLD);

  private TraceKeys() {}
}
