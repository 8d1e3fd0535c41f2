package io.sonde.pipeline.export.otlp.queue;

import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What precedes each body in a segment, 40 bytes, big-endian:
 *
 * <pre>
 *  0 u32 state        WAIT, or DONE once the endpoint has taken it; outside of the checksum
 *  4 u32 magic        SREC
 *  8 s32 body bytes
 * 12 s32 items
 * 16 s64 place        requests before this one in the life of the queue
 * 24 s64              items before this one
 * 32 u32 CRC32C of the body
 * 36 u32 CRC32C of the segment's salt and bytes 4 to 35
 * </pre>
 *
 * <p>Bodies hold what strangers sent, so one may hold the image of a header. Without the salt,
 * which is random and never leaves the file, its checksum cannot be right.
 *
 * @param offset of the header in its segment
 * @param done read from the state; anything but DONE is waiting, so that damage makes a duplicate
 *     rather than a silent loss
 */
record RecordHeader(long offset, boolean done, int bodyBytes, int items, Place place, int bodyCrc) {
  static final int BYTES = 40;
  static final int MAGIC = 0x53524543;
  static final int MAGIC_OFFSET = 4;
  static final int DONE = 0x444f4e45;
  private static final int WAIT = 0x57414954;

  static RecordHeader of(OtlpRequest request, long offset, Place place) {
    byte[] body = request.body();
    return new RecordHeader(offset, false, body.length, request.items(), place, crc(body));
  }

  static int crc(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body, 0, body.length);
    return (int) crc.getValue();
  }

  byte[] encode(long salt) {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putInt(WAIT).putInt(MAGIC).putInt(bodyBytes).putInt(items);
    bytes.putLong(place.requests()).putLong(place.items()).putInt(bodyCrc);
    bytes.putInt(headerCrc(bytes.array(), salt));
    return bytes.array();
  }

  /** Null when these are not the bytes of an intact header. */
  static RecordHeader decode(byte[] header, long salt, long offset) {
    ByteBuffer bytes = ByteBuffer.wrap(header);
    boolean done = bytes.getInt() == DONE;
    if (bytes.getInt() != MAGIC || bytes.getInt(BYTES - 4) != headerCrc(header, salt)) {
      return null;
    }
    return new RecordHeader(
        offset,
        done,
        bytes.getInt(),
        bytes.getInt(),
        new Place(bytes.getLong(), bytes.getLong()),
        bytes.getInt());
  }

  private static int headerCrc(byte[] header, long salt) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, salt));
    crc.update(header, MAGIC_OFFSET, BYTES - 4 - MAGIC_OFFSET);
    return (int) crc.getValue();
  }

  long bodyOffset() {
    return offset + BYTES;
  }

  /** Where the next record starts. */
  long end() {
    return bodyOffset() + bodyBytes;
  }

  Place placeAfter() {
    return place.after(items);
  }
}
