package io.sonde.pipeline.export.otlp;

import io.sonde.pipeline.linking.Trace;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Traces that wait to be encoded, bounded in spans: over the bound the oldest are dropped, whole.
 * One thread adds, one takes; neither waits.
 */
final class WaitingTraces {
  private final int capacity;
  private final ArrayBlockingQueue<Trace> traces;
  private final AtomicInteger spans = new AtomicInteger(); // never fewer than are in traces

  /**
   * @param capacity in spans
   */
  WaitingTraces(int capacity) {
    this.capacity = capacity;
    this.traces = new ArrayBlockingQueue<>(capacity);
  }

  /** Returns how many spans were dropped for it. */
  int add(Trace trace) {
    int dropped = 0;
    while (spans.get() + trace.spans() > capacity) {
      Trace oldest = poll();
      if (oldest == null) {
        break;
      }
      dropped += oldest.spans();
    }
    spans.addAndGet(trace.spans());
    traces.add(trace);
    return dropped;
  }

  /** The oldest; null when there is none. */
  Trace poll() {
    Trace oldest = traces.poll();
    if (oldest != null) {
      spans.addAndGet(-oldest.spans());
    }
    return oldest;
  }

  boolean isEmpty() {
    return traces.isEmpty();
  }

  boolean isHalfEmpty() {
    return 2 * spans.get() <= capacity;
  }
}
