package io.sonde.pipeline.export.otlp.queue;

import java.io.IOException;

/** Finds and reads records of a segment whose bytes may be damaged anywhere. */
final class SegmentReader {
  private static final int WINDOW = 64 * 1024;

  private SegmentReader() {}

  /**
   * The first intact header at or behind an offset. It may promise more bytes than the file has.
   *
   * @param from earlier places are not accepted
   * @return null when there is none
   */
  static RecordHeader find(SegmentFile file, long offset, Place from) throws IOException {
    byte[] header = new byte[RecordHeader.BYTES];
    RecordHeader expected = at(file, offset, from, header);
    return expected != null ? expected : search(file, offset + 1, from, header);
  }

  /** Null when it is cut off or not what was written. */
  static byte[] body(SegmentFile file, RecordHeader record) throws IOException {
    if (record.end() > file.size()) {
      return null;
    }
    byte[] body = new byte[record.bodyBytes()];
    file.read(record.bodyOffset(), body);
    return RecordHeader.crc(body) == record.bodyCrc() ? body : null;
  }

  private static RecordHeader at(SegmentFile file, long offset, Place from, byte[] header)
      throws IOException {
    if (offset + RecordHeader.BYTES > file.size()) {
      return null;
    }
    file.read(offset, header);
    RecordHeader record = RecordHeader.decode(header, file.salt(), offset);
    boolean accepted = record != null && !record.place().isBefore(from) && record.bodyBytes() >= 0;
    return accepted ? record : null;
  }

  /** Looks for the magic, window by window; windows overlap by what a magic could straddle. */
  private static RecordHeader search(SegmentFile file, long start, Place from, byte[] header)
      throws IOException {
    long window = start;
    while (window + RecordHeader.BYTES <= file.size()) {
      byte[] bytes = new byte[(int) Math.min(WINDOW, file.size() - window)];
      file.read(window, bytes);
      for (int i = RecordHeader.MAGIC_OFFSET; i + Integer.BYTES <= bytes.length; i++) {
        if (isMagic(bytes, i)) {
          long offset = window + i - RecordHeader.MAGIC_OFFSET;
          RecordHeader record = at(file, offset, from, header);
          if (record != null) {
            return record;
          }
        }
      }
      window += bytes.length - RecordHeader.MAGIC_OFFSET - Integer.BYTES + 1;
    }
    return null;
  }

  private static boolean isMagic(byte[] bytes, int at) {
    return bytes[at] == (byte) (RecordHeader.MAGIC >>> 24)
        && bytes[at + 1] == (byte) (RecordHeader.MAGIC >>> 16)
        && bytes[at + 2] == (byte) (RecordHeader.MAGIC >>> 8)
        && bytes[at + 3] == (byte) RecordHeader.MAGIC;
  }
}
