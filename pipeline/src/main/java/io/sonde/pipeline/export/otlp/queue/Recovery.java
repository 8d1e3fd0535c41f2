package io.sonde.pipeline.export.otlp.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.List;
import java.util.logging.Logger;

/**
 * What an earlier run left in a directory. Only the oldest and the newest segment are looked
 * through; what is between is known from their names.
 *
 * @param files oldest first
 * @param next the first record that is not done
 * @param offset where it is in the first file, or where to look for it
 * @param tail behind the last record. What cannot be read lies between {@code next} and it, so that
 *     the reader counts it when it gets there; one request with one item where even that is unknown
 */
record Recovery(ArrayDeque<SegmentFile> files, Place next, long offset, Place tail) {
  private static final Logger LOG = Logger.getLogger(Recovery.class.getName());

  /** What the headers of a segment say; each null when there is none. */
  private record Scan(RecordHeader last, RecordHeader lastDone, RecordHeader cutOff) {
    static Scan of(SegmentFile file) throws IOException {
      RecordHeader last = null;
      RecordHeader lastDone = null;
      RecordHeader record = SegmentReader.find(file, SegmentFile.HEADER_BYTES, file.first());
      while (record != null && record.end() <= file.size()) {
        last = record;
        lastDone = record.done() ? record : lastDone;
        record = SegmentReader.find(file, record.end(), record.placeAfter());
      }
      return new Scan(last, lastDone, record);
    }
  }

  static Recovery of(SegmentDirectory directory) throws IOException {
    List<Place> places = directory.places();
    ArrayDeque<SegmentFile> files = new ArrayDeque<>();
    Place tail = Place.START;
    for (Place first : places) {
      tail = open(directory.segment(first), first, files);
    }
    return files.isEmpty()
        ? new Recovery(files, places.isEmpty() ? tail : places.get(0), 0, tail)
        : head(files, places.get(0), tail);
  }

  /** Opens one segment, or puts it out of the way; returns the tail if it is the last one. */
  private static Place open(Path path, Place first, ArrayDeque<SegmentFile> files)
      throws IOException {
    if (Files.size(path) < SegmentFile.HEADER_BYTES) { // killed before it wrote a record
      Files.delete(path);
      return first;
    }
    try {
      files.add(SegmentFile.open(path, first));
      return null;
    } catch (ForeignFormatException e) {
      Path aside = path.resolveSibling(path.getFileName() + ".set-aside");
      Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
      LOG.warning(
          () ->
              "The exporter's queue does not use "
                  + path
                  + ", since "
                  + e.getMessage()
                  + "; it is kept as "
                  + aside
                  + ": start the Sonde that wrote it with that file renamed back, or delete it");
      return first.after(1);
    }
  }

  private static Recovery head(ArrayDeque<SegmentFile> files, Place oldest, Place unreadable)
      throws IOException {
    Place tail = unreadable == null ? cutTail(files.getLast()) : unreadable;
    Place next = oldest;
    long offset = SegmentFile.HEADER_BYTES;
    while (true) {
      Scan scan = Scan.of(files.getFirst());
      if (scan.lastDone() != null) {
        next = scan.lastDone().placeAfter();
        offset = scan.lastDone().end();
      }
      boolean allDone = scan.last() != null && scan.last() == scan.lastDone();
      if (!allDone || files.size() == 1) {
        return new Recovery(files, next, offset, tail);
      }
      files.removeFirst().delete();
      offset = SegmentFile.HEADER_BYTES;
    }
  }

  /** Cuts off what a kill or a power failure left half written. */
  private static Place cutTail(SegmentFile file) throws IOException {
    Scan scan = Scan.of(file);
    Place place = scan.last() == null ? file.first() : scan.last().placeAfter();
    long end = scan.last() == null ? SegmentFile.HEADER_BYTES : scan.last().end();
    if (file.size() == end) {
      return place;
    }
    LOG.warning(
        () ->
            String.format(
                "%s ends in %d bytes that are no whole request, as after a kill while it was"
                    + " written: they are cut off and counted as lost",
                file.path(), file.size() - end));
    file.truncate(end);
    file.release();
    return scan.cutOff() == null ? place.after(1) : scan.cutOff().placeAfter();
  }
}
