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

  /** What it takes of a bound on memory: of what came from a disk, the copy is not counted. */
  long memoryBytes() {
    return file == null ? Backlog.cost(request) : 0;
  }
}
