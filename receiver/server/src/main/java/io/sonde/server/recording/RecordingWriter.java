package io.sonde.server.recording;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;

/**
 * Writes a recording. Not thread-safe. What is written stays readable whatever happens: a chunk
 * that could not be written whole is cut off again.
 */
public final class RecordingWriter implements AutoCloseable {
  private final FileChannel file;
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
  private final byte[] plain = new byte[Chunk.MAX_PLAIN_BYTES];
  private final ByteBuffer out = ByteBuffer.allocate(Chunk.HEADER_BYTES + Chunk.MAX_STORED_BYTES);
  private int plainBytes;
  private int heldMessages;
  private long messages;
  private long position;

  /**
   * @param file writable, empty; closed with this
   */
  public RecordingWriter(FileChannel file, RecordingHeader header) throws IOException {
    this.file = file;
    append(ByteBuffer.wrap(header.encode()));
  }

  /** Of the file, without what is still held back. */
  public long bytes() {
    return position;
  }

  /** In the file, without those that are still held back. */
  long messages() {
    return messages;
  }

  /**
   * Holds it back until there is enough for a chunk, or until {@link #flush}.
   *
   * @throws IOException when the file cannot take it, as when the disk is full; then nothing of
   *     this chunk is in the file, and nothing more can be written
   */
  void write(Entry entry) throws IOException {
    int messageBytes = entry.message() == null ? 0 : entry.message().getSerializedSize();
    if (messageBytes > Chunk.MAX_MESSAGE_BYTES) {
      throw new IOException("a message of " + messageBytes + " bytes is larger than any may be");
    }
    ByteBuffer into = ByteBuffer.wrap(plain, plainBytes, plain.length - plainBytes);
    into.put((byte) entry.kind().ordinal()).putShort((short) entry.capture()).putInt(messageBytes);
    if (entry.message() != null) {
      entry.message().writeTo(CodedOutputStream.newInstance(plain, into.position(), messageBytes));
    }
    plainBytes = into.position() + messageBytes;
    heldMessages += entry.message() == null ? 0 : 1;
    if (plainBytes >= Chunk.TARGET_BYTES) {
      flush();
    }
  }

  /** Writes what is held back. */
  void flush() throws IOException {
    if (plainBytes == 0) {
      return;
    }
    deflater.reset();
    deflater.setInput(plain, 0, plainBytes);
    deflater.finish();
    int stored = deflater.deflate(out.array(), Chunk.HEADER_BYTES, Chunk.MAX_STORED_BYTES);
    if (!deflater.finished()) {
      throw new IllegalStateException("a bound of zlib does not hold for " + plainBytes);
    }
    out.clear().putInt(stored).putInt(plainBytes);
    CRC32C crc = new CRC32C();
    crc.update(out.array(), 0, 2 * Integer.BYTES);
    crc.update(out.array(), Chunk.HEADER_BYTES, stored);
    out.putInt((int) crc.getValue());
    out.position(0).limit(Chunk.HEADER_BYTES + stored);
    plainBytes = 0;
    append(out);
    messages += heldMessages;
    heldMessages = 0;
  }

  private void append(ByteBuffer bytes) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      file.truncate(position);
      throw e;
    }
    position += bytes.limit();
  }

  /** Marks the recording as whole and closes the file. */
  @Override
  public void close() throws IOException {
    try (file) {
      write(Entry.of(Entry.Kind.END, 0));
      flush();
      file.force(true);
    } finally {
      deflater.end();
    }
  }

  /** Closes the file without saying that it is whole. */
  void abandon() throws IOException {
    deflater.end();
    file.close();
  }
}
