package io.sonde.pipeline.export.otlp.queue;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import java.util.ArrayDeque;

/** Requests in memory, oldest first, bounded by bytes. For one thread at a time. */
final class Backlog {
  /** What a request costs besides its body: the array's and the record's headers, the slot. */
  private static final int OVERHEAD = 64;

  private final ArrayDeque<OtlpRequest> requests = new ArrayDeque<>();
  private final long capacityBytes;
  private final LossListener losses;
  private long bytes;
  private long items;

  Backlog(long capacityBytes, LossListener losses) {
    this.capacityBytes = capacityBytes;
    this.losses = losses;
  }

  static long cost(OtlpRequest request) {
    return request.body().length + (long) OVERHEAD;
  }

  /**
   * Puts it at the end and drops the oldest until all fit.
   *
   * @param taken bytes of the capacity that are in use elsewhere
   */
  void add(OtlpRequest request, long taken) {
    long room = capacityBytes - taken - cost(request);
    if (room < 0) {
      losses.lost(LossCause.EXPORT_QUEUE_FULL, request.items());
      return;
    }
    while (bytes > room) {
      losses.lost(LossCause.EXPORT_QUEUE_FULL, poll().items());
    }
    requests.addLast(request);
    bytes += cost(request);
    items += request.items();
  }

  /** Takes the oldest out; null when there is none. */
  OtlpRequest poll() {
    OtlpRequest oldest = requests.pollFirst();
    if (oldest != null) {
      bytes -= cost(oldest);
      items -= oldest.items();
    }
    return oldest;
  }

  /** The oldest; null when there is none. */
  OtlpRequest first() {
    return requests.peekFirst();
  }

  /** Empties it: what is in it is lost with the process. */
  void end() {
    for (OtlpRequest left = poll(); left != null; left = poll()) {
      losses.lost(LossCause.EXPORT_SHUTDOWN, left.items());
    }
  }

  boolean isEmpty() {
    return requests.isEmpty();
  }

  long capacityBytes() {
    return capacityBytes;
  }

  int requests() {
    return requests.size();
  }

  long bytes() {
    return bytes;
  }

  long items() {
    return items;
  }
}
