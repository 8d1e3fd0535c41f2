package io.sonde.pipeline.export.otlp.queue;

import io.sonde.pipeline.export.otlp.request.OtlpRequest;

/**
 * The request that the consumer has.
 *
 * @param file where it was read from; null when it never was on disk
 * @param header null likewise
 */
record Held(OtlpRequest request, SegmentFile file, RecordHeader header) {
  static Held inMemory(OtlpRequest request) {
    return new Held(request, null, null);
  }

  /** False also when its segment was dropped meanwhile. */
  boolean onDisk() {
    return file != null && !file.isDeleted();
  }

  /** Bytes of memory that count towards a bound. */
  long memoryBytes() {
    return onDisk() ? 0 : Backlog.cost(request);
  }
}
