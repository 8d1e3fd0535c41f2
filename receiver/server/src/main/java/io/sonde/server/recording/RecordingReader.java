package io.sonde.server.recording;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.server.recording.Entry.Kind;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads a recording, whoever made it: every length is checked before it is believed, and what is
 * held at a time is one chunk. Not thread-safe.
 */
public final class RecordingReader implements AutoCloseable {
  private static final Kind[] KINDS = Kind.values();

  /** How a recording ended; known when {@link #next} has returned null. */
  public enum Ending {
    /** As its writer meant it to. */
    WHOLE,
    /** Its writer was killed or its disk was full: what is there is sound. */
    CUT_OFF
  }

  private final DataInputStream in;
  private final RecordingHeader header;
  private final Inflater inflater = new Inflater();
  private final byte[] stored = new byte[Chunk.MAX_STORED_BYTES];
  private final byte[] plain = new byte[Chunk.MAX_PLAIN_BYTES];
  private ByteBuffer entries = ByteBuffer.allocate(0);
  private long position;
  private Ending ending;

  /**
   * Reads the header.
   *
   * @param in closed with this
   * @throws RecordingException when it is not a recording, or one that only another Sonde can read
   */
  public RecordingReader(InputStream in) throws IOException {
    this.in = new DataInputStream(new BufferedInputStream(in));
    this.header = RecordingHeader.read(this.in);
    this.position = header.encode().length;
  }

  public RecordingHeader header() {
    return header;
  }

  /** Null until the end is reached. */
  public Ending ending() {
    return ending;
  }

  /**
   * @return null at the end
   * @throws RecordingException when it is damaged here; nothing behind can be read
   */
  public Entry next() throws IOException {
    while (ending == null && !entries.hasRemaining()) {
      nextChunk();
    }
    return ending == null ? entry() : null;
  }

  private void nextChunk() throws IOException {
    byte[] head = in.readNBytes(Chunk.HEADER_BYTES);
    if (head.length < Chunk.HEADER_BYTES) {
      ending = Ending.CUT_OFF;
      return;
    }
    ByteBuffer fields = ByteBuffer.wrap(head);
    int storedBytes = fields.getInt();
    int plainBytes = fields.getInt();
    if (storedBytes <= 0
        || storedBytes > stored.length
        || plainBytes < Chunk.ENTRY_HEADER_BYTES
        || plainBytes > plain.length) {
      throw damaged("sizes that no chunk has");
    }
    if (in.readNBytes(stored, 0, storedBytes) < storedBytes) {
      ending = Ending.CUT_OFF;
      return;
    }
    CRC32C crc = new CRC32C();
    crc.update(head, 0, 2 * Integer.BYTES);
    crc.update(stored, 0, storedBytes);
    if ((int) crc.getValue() != fields.getInt()) {
      throw damaged("the checksum is another");
    }
    inflate(storedBytes, plainBytes);
    position += Chunk.HEADER_BYTES + storedBytes;
    entries = ByteBuffer.wrap(plain, 0, plainBytes);
  }

  private void inflate(int storedBytes, int plainBytes) throws RecordingException {
    inflater.reset();
    inflater.setInput(stored, 0, storedBytes);
    try {
      int got = inflater.inflate(plain, 0, plainBytes);
      if (got != plainBytes || inflater.inflate(new byte[1]) != 0 || !inflater.finished()) {
        throw damaged("another size than told when unpacked");
      }
    } catch (DataFormatException e) {
      throw damaged("it cannot be unpacked: " + e.getMessage());
    }
  }

  private Entry entry() throws RecordingException {
    if (entries.remaining() < Chunk.ENTRY_HEADER_BYTES) {
      throw damaged("an entry is cut off");
    }
    int kind = Byte.toUnsignedInt(entries.get());
    int capture = Short.toUnsignedInt(entries.getShort());
    int length = entries.getInt();
    if (kind >= KINDS.length || length < 0 || length > entries.remaining()) {
      throw damaged("an entry of kind " + kind + " and size " + Integer.toUnsignedString(length));
    }
    int start = entries.position();
    entries.position(start + length);
    if (KINDS[kind] == Kind.END) {
      ending = Ending.WHOLE;
      return null;
    }
    return new Entry(
        KINDS[kind], capture, KINDS[kind] == Kind.MESSAGE ? message(start, length) : null);
  }

  private CaptureMessage message(int start, int length) throws RecordingException {
    try {
      return CaptureMessage.parser().parseFrom(plain, start, length);
    } catch (InvalidProtocolBufferException e) {
      throw damaged("a message that cannot be read: " + e.getMessage());
    }
  }

  private RecordingException damaged(String how) {
    return new RecordingException(
        "it is damaged in the chunk near byte " + position + " (" + how + ")");
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
