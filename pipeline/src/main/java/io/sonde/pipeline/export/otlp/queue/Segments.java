package io.sonde.pipeline.export.otlp.queue;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The segments of a queue as one sequence of records: appended to at the tail, read at the head,
 * dropped by whole segments at the head when over the bound. For one thread at a time.
 */
final class Segments implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Segments.class.getName());
  private static final int PARTS = 16;
  private static final long MIN_SEGMENT_BYTES = 64L << 10;
  private static final long MAX_SEGMENT_BYTES = 16L << 20;

  private final SegmentDirectory directory;
  private final Signal signal;
  private final long capacityBytes;
  private final long segmentBytes;
  private final LossListener losses;
  private final ArrayDeque<SegmentFile> files;
  private Place next;
  private Place tail;
  private long offset;
  private boolean damageTold;

  Segments(SegmentDirectory directory, Signal signal, long capacityBytes, LossListener losses)
      throws IOException {
    this.directory = directory;
    this.signal = signal;
    this.capacityBytes = capacityBytes;
    this.segmentBytes =
        Math.max(MIN_SEGMENT_BYTES, Math.min(MAX_SEGMENT_BYTES, capacityBytes / PARTS));
    this.losses = losses;
    Recovery recovery = Recovery.of(directory);
    this.files = recovery.files();
    this.next = recovery.next();
    this.offset = recovery.offset();
    this.tail = recovery.tail();
  }

  /** Drops what a run with a larger bound left. */
  void shrink() {
    makeRoom(0);
  }

  /** Puts a request at the end, or throws: then it is not stored, and what is stored stays. */
  void append(OtlpRequest request) throws IOException {
    long record = RecordHeader.BYTES + (long) request.body().length;
    if (SegmentFile.HEADER_BYTES + record > capacityBytes) {
      losses.lost(LossCause.EXPORT_QUEUE_FULL, request.items());
      return;
    }
    makeRoom(mustRoll(record) ? SegmentFile.HEADER_BYTES + record : record);
    if (mustRoll(record)) {
      roll();
    }
    SegmentFile last = files.getLast();
    last.append(RecordHeader.of(request, last.size(), tail), request.body());
    tail = tail.after(request.items());
  }

  /** A file without records takes one of any size: a second one would have the same name. */
  private boolean mustRoll(long record) {
    return files.isEmpty()
        || files.getLast().size() > SegmentFile.HEADER_BYTES
            && files.getLast().size() + record > segmentBytes;
  }

  private void makeRoom(long needed) {
    while (!files.isEmpty() && bytes() + needed > capacityBytes) {
      dropFirst(LossCause.EXPORT_QUEUE_FULL);
    }
  }

  private void roll() throws IOException {
    if (files.size() > 1) { // the first one stays open, since it is being read
      files.getLast().release();
    }
    if (files.isEmpty()) {
      offset = SegmentFile.HEADER_BYTES;
    }
    files.addLast(SegmentFile.create(directory.segment(tail), tail));
  }

  /**
   * Takes the next readable record off the sequence, when all those before it are done.
   *
   * @return null when there is none
   */
  Held next() {
    while (next.isBefore(tail)) {
      try {
        RecordHeader record =
            files.isEmpty() ? null : SegmentReader.find(files.getFirst(), offset, next);
        if (record == null) { // the end of this segment, or damaged up to its end
          dropFirst(LossCause.EXPORT_QUEUE_DAMAGED);
          continue;
        }
        skipTo(record.place(), LossCause.EXPORT_QUEUE_DAMAGED);
        offset = record.end();
        byte[] body = SegmentReader.body(files.getFirst(), record);
        if (body != null) {
          next = record.placeAfter();
          return new Held(new OtlpRequest(signal, record.items(), body), files.getFirst(), record);
        }
        skipTo(record.placeAfter(), LossCause.EXPORT_QUEUE_DAMAGED);
      } catch (IOException e) {
        LOG.warning(
            () -> "A file of the exporter's queue is given up, since it cannot be read: " + e);
        dropFirst(LossCause.EXPORT_QUEUE_DAMAGED);
      }
    }
    return null;
  }

  /**
   * Deletes what is done: an idle queue needs no space. Not each time that it is empty, since
   * making and deleting a file takes a millisecond.
   */
  void clear() {
    while (!next.isBefore(tail) && !files.isEmpty()) {
      dropFirst(LossCause.EXPORT_QUEUE_DAMAGED);
    }
  }

  /** Leaves the oldest segment; what was not yet read of it is lost. */
  private void dropFirst(LossCause cause) {
    SegmentFile first = files.pollFirst();
    skipTo(files.isEmpty() ? tail : files.getFirst().first(), cause);
    offset = SegmentFile.HEADER_BYTES;
    if (first != null) {
      try {
        first.delete();
      } catch (IOException e) {
        LOG.warning(() -> "Cannot delete " + first.path() + ", which is no longer needed: " + e);
      }
    }
  }

  private void skipTo(Place to, LossCause cause) {
    if (!next.isBefore(to)) {
      return;
    }
    long items = to.items() - next.items();
    losses.lost(cause, items);
    if (cause == LossCause.EXPORT_QUEUE_DAMAGED) {
      LOG.log(
          damageTold ? Level.FINE : Level.WARNING,
          () ->
              String.format(
                  "%d %s in the exporter's queue on disk are lost, since the file is damaged there;"
                      + " more of it is counted in sonde_stage_lost_total",
                  items, signal.items()));
      damageTold = true;
    }
    next = to;
  }

  /** Bytes on disk. */
  long bytes() {
    long sum = 0;
    for (SegmentFile file : files) {
      sum += file.size();
    }
    return sum;
  }

  long requests() {
    return tail.requests() - next.requests();
  }

  long items() {
    return tail.items() - next.items();
  }

  @Override
  public void close() throws IOException {
    for (SegmentFile file : files) {
      file.release();
    }
    directory.close();
  }
}
