package io.sonde.pipeline.export.otlp.queue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.zip.CRC32C;

/**
 * One file of a queue: a header of 24 bytes, then records back to back. Big-endian:
 *
 * <pre>
 *  0 u64 magic   SONDEQUE
 *  8 s32 version of the format of this file
 * 12 s64 salt    random, see {@link RecordHeader}
 * 20 u32 CRC32C of bytes 0 to 19
 * </pre>
 *
 * <p>For one thread at a time. It is a {@link RandomAccessFile} since a file channel closes itself
 * under a thread that is interrupted.
 */
final class SegmentFile {
  static final int HEADER_BYTES = 24;
  static final int VERSION = 1;
  private static final long MAGIC = 0x534f4e4445515545L;
  private static final int SALT_OFFSET = 12;
  private static final int CRC_OFFSET = 20;
  private static final SecureRandom SALTS = new SecureRandom();

  private final Path path;
  private final Place first;
  private final long salt;
  private long size;
  private RandomAccessFile io;
  private boolean deleted;

  private SegmentFile(Path path, Place first, long salt, long size) {
    this.path = path;
    this.first = first;
    this.salt = salt;
    this.size = size;
  }

  /** A new file, for the owner only; there is none afterwards when it cannot be written. */
  static SegmentFile create(Path path, Place first) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    long salt = SALTS.nextLong();
    header.putLong(MAGIC).putInt(VERSION).putLong(salt).putInt(crc(header.array()));
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    SegmentFile file = new SegmentFile(path, first, salt, HEADER_BYTES);
    try {
      file.io().write(header.array());
      return file;
    } catch (IOException e) {
      file.delete();
      throw e;
    }
  }

  /**
   * A file that an earlier run left.
   *
   * @throws ForeignFormatException when its header is not one of this version
   */
  static SegmentFile open(Path path, Place first) throws IOException, ForeignFormatException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
      if (file.length() < HEADER_BYTES) {
        throw new ForeignFormatException("its header is cut off");
      }
      file.readFully(header.array());
      if (header.getLong() != MAGIC) {
        throw new ForeignFormatException("it does not start as a queue's file does");
      }
      int version = header.getInt();
      if (version != VERSION) {
        throw new ForeignFormatException(
            "it is of version " + version + " and this Sonde reads version " + VERSION);
      }
      if (header.getInt(CRC_OFFSET) != crc(header.array())) {
        throw new ForeignFormatException("its header is damaged");
      }
      return new SegmentFile(path, first, header.getLong(SALT_OFFSET), file.length());
    }
  }

  private static int crc(byte[] header) {
    CRC32C crc = new CRC32C();
    crc.update(header, 0, CRC_OFFSET);
    return (int) crc.getValue();
  }

  Path path() {
    return path;
  }

  /** Place of its first record. */
  Place first() {
    return first;
  }

  /** Bytes on disk. */
  long size() {
    return size;
  }

  long salt() {
    return salt;
  }

  boolean isDeleted() {
    return deleted;
  }

  /** Writes a record at the end; nothing of it remains when that fails. */
  void append(RecordHeader header, byte[] body) throws IOException {
    try {
      RandomAccessFile file = io();
      file.seek(size);
      file.write(header.encode(salt));
      file.write(body);
      size = header.end();
    } catch (IOException e) {
      try {
        truncate(size);
      } catch (IOException again) { // then the next record is written over what is there
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /** Notes that this record need not be read again. Overwrites, so a full disk does not matter. */
  void markDone(RecordHeader record) throws IOException {
    RandomAccessFile file = io();
    file.seek(record.offset());
    file.writeInt(RecordHeader.DONE);
  }

  void truncate(long newSize) throws IOException {
    io().setLength(newSize);
    size = newSize;
  }

  /** Fills the buffer from this offset; the caller knows that there is so much. */
  void read(long offset, byte[] into) throws IOException {
    RandomAccessFile file = io();
    file.seek(offset);
    file.readFully(into);
  }

  /** Closes the file for now: it opens itself again when needed. */
  void release() throws IOException {
    if (io != null) {
      io.close();
      io = null;
    }
  }

  void delete() throws IOException {
    deleted = true;
    release();
    Files.deleteIfExists(path);
  }

  private RandomAccessFile io() throws IOException {
    if (io == null) {
      if (!Files.exists(path)) {
        throw new IOException(path + " has been deleted by somebody else");
      }
      io = new RandomAccessFile(path.toFile(), "rw");
    }
    return io;
  }
}
