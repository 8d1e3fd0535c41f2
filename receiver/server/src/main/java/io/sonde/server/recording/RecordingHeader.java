package io.sonde.server.recording;

import io.sonde.contract.RecordLayout;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The start of a recording.
 *
 * @param layoutVersion of the records, {@link RecordLayout#LAYOUT_VERSION} of the writer
 * @param redacted whether bytes were blanked before they were written
 * @param created when the recording began
 * @param writer the release that wrote it, for people
 */
public record RecordingHeader(int layoutVersion, boolean redacted, Instant created, String writer) {

  /**
   * As PNG's: a byte that is no ASCII, a name, and line ends that a transfer as text would change.
   */
  private static final byte[] MAGIC = {(byte) 0x89, 'S', 'N', 'D', 'R', '\r', '\n', 0x1a};

  /** Raised by a change that older readers would misunderstand. */
  static final int FORMAT_VERSION = 1;

  /** The 1 of the protobuf package sonde.capture.v1. */
  private static final int CONTRACT_VERSION = 1;

  private static final int REDACTED = 1;
  private static final int FIXED_BYTES = MAGIC.length + 2 + 2 + 2 + 2 + 1 + 1 + Long.BYTES;
  private static final int MAX_WRITER_BYTES = 255;

  /** Of a recording that is begun now, by this release. */
  public static RecordingHeader now(boolean redacted, String writer) {
    return new RecordingHeader(RecordLayout.LAYOUT_VERSION, redacted, Instant.now(), writer);
  }

  byte[] encode() {
    byte[] name = writer.getBytes(StandardCharsets.UTF_8);
    int nameBytes = Math.min(name.length, MAX_WRITER_BYTES);
    int length = FIXED_BYTES + nameBytes;
    ByteBuffer out = ByteBuffer.allocate(length + Integer.BYTES);
    out.put(MAGIC).putShort((short) FORMAT_VERSION).putShort((short) length);
    out.putShort((short) layoutVersion).putShort((short) CONTRACT_VERSION);
    out.put((byte) (redacted ? REDACTED : 0)).put(order());
    out.putLong(created.getEpochSecond() * 1_000_000_000L + created.getNano());
    out.put(name, 0, nameBytes);
    out.putInt(crc(out.array(), length));
    return out.array();
  }

  private static byte order() {
    return (byte) (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 'L' : 'B');
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /**
   * @throws RecordingException when it is not a recording, or one that only another Sonde can read
   */
  static RecordingHeader read(DataInputStream in) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2 * Short.BYTES);
    if (!Arrays.equals(MAGIC, 0, MAGIC.length, start, 0, Math.min(start.length, MAGIC.length))) {
      throw new RecordingException("it does not begin as a recording of Sonde does");
    }
    if (start.length < MAGIC.length + 2 * Short.BYTES) {
      throw new RecordingException("it is cut off in its header");
    }
    ByteBuffer fixed = ByteBuffer.wrap(start, MAGIC.length, 2 * Short.BYTES);
    int format = Short.toUnsignedInt(fixed.getShort());
    if (format != FORMAT_VERSION) {
      throw new RecordingException(
          "it has format version %d, this Sonde reads version %d: replay it with a newer release"
              .formatted(format, FORMAT_VERSION));
    }
    return rest(in, start, Short.toUnsignedInt(fixed.getShort()));
  }

  private static RecordingHeader rest(DataInputStream in, byte[] start, int length)
      throws IOException {
    if (length < FIXED_BYTES || length > FIXED_BYTES + MAX_WRITER_BYTES) {
      throw new RecordingException("its header is damaged: a length of " + length);
    }
    byte[] header = Arrays.copyOf(start, length);
    try {
      in.readFully(header, start.length, length - start.length);
      if (in.readInt() != crc(header, length)) {
        throw new RecordingException("its header is damaged: the checksum is another");
      }
    } catch (EOFException e) {
      throw new RecordingException("it is cut off in its header", e);
    }
    ByteBuffer fields = ByteBuffer.wrap(header, start.length, length - start.length);
    int layout = Short.toUnsignedInt(fields.getShort());
    int contract = Short.toUnsignedInt(fields.getShort());
    boolean redacted = (fields.get() & REDACTED) != 0;
    byte order = fields.get();
    if (contract != CONTRACT_VERSION || layout > RecordLayout.LAYOUT_VERSION) {
      throw new RecordingException(
          ("its records have layout version %d (contract %d), this Sonde reads up to %d (contract"
                  + " %d): replay it with a newer release")
              .formatted(layout, contract, RecordLayout.LAYOUT_VERSION, CONTRACT_VERSION));
    }
    if (order != order()) {
      throw new RecordingException(
          "it was made on a machine of the other byte order: replay it on one like that");
    }
    long createdNs = fields.getLong();
    Instant created =
        Instant.ofEpochSecond(
            Math.floorDiv(createdNs, 1_000_000_000L), Math.floorMod(createdNs, 1_000_000_000L));
    String writer = StandardCharsets.UTF_8.decode(fields).toString();
    return new RecordingHeader(layout, redacted, created, writer);
  }
}
