package io.sonde.probes.elf.go;

import io.sonde.probes.elf.ElfFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A part of a file that is read from its beginning to its end through a small buffer, for tables
 * may be larger than this process's memory. Going backwards is refused, so that a table that sends
 * its reader to and fro costs no more than one pass.
 */
final class Window {
  private static final int BUFFER = 64 * 1024;

  private final ElfFile file;
  private final long start;
  private final long size;
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private long from;

  /**
   * @param start in the file
   * @param size bytes; nothing behind is read
   */
  Window(ElfFile file, long start, long size) {
    this.file = file;
    this.start = start;
    this.size = size;
  }

  /** Little endian, at this distance from the start. */
  int getInt(long at) throws IOException, UnreadableGoException {
    int index = index(at, Integer.BYTES);
    return buffer.getInt(index);
  }

  long getLong(long at) throws IOException, UnreadableGoException {
    int index = index(at, Long.BYTES);
    return buffer.getLong(index);
  }

  byte get(long at) throws IOException, UnreadableGoException {
    int index = index(at, 1);
    return buffer.get(index);
  }

  private int index(long at, int length) throws IOException, UnreadableGoException {
    if (at < from || at > size - length) {
      throw new UnreadableGoException("its table of functions refers to what is not in it");
    }
    if (at - from > buffer.limit() - length) {
      buffer = file.read(start + at, (int) Math.min(BUFFER, size - at));
      from = at;
      if (buffer.limit() < length) {
        throw new UnreadableGoException("its table of functions goes on behind the file's end");
      }
    }
    return (int) (at - from);
  }
}
