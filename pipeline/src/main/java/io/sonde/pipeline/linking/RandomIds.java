package io.sonde.pipeline.linking;

import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceId;
import java.util.concurrent.ThreadLocalRandom;

/** New ids. They need to be unique, not secret: no lock and no system call per span. */
final class RandomIds {
  private RandomIds() {}

  static String trace() {
    return TraceId.fromLongs(ThreadLocalRandom.current().nextLong(), nonZero());
  }

  static String span() {
    return SpanId.fromLong(nonZero());
  }

  private static long nonZero() {
    long id;
    do {
      id = ThreadLocalRandom.current().nextLong();
    } while (id == 0);
    return id;
  }
}
