package io.sonde.server.recording.redaction;

import com.google.protobuf.ByteString;
import io.sonde.contract.RecordLayout.Activity;
import io.sonde.contract.RecordLayout.Connection;
import io.sonde.contract.RecordLayout.Flag;
import io.sonde.contract.RecordLayout.Header;
import io.sonde.contract.RecordLayout.Kind;
import io.sonde.contract.RecordLayout.Match;
import io.sonde.contract.RecordLayout.Role;
import io.sonde.contract.v1.Block;
import io.sonde.contract.v1.CaptureMessage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Lays out records of one connection, or of a TLS session on it, as the kernel does. */
final class RecordBytes {
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private final long connection;
  private final int session;
  private int count;
  private int sequence;
  private long rxOffset;
  private long txOffset;

  RecordBytes(long connection) {
    this(connection, 0);
  }

  /**
   * @param session 0: the connection itself
   */
  RecordBytes(long connection, int session) {
    this.connection = connection;
    this.session = session;
  }

  /** What is told first of a session whose handshake was seen. */
  RecordBytes readable() {
    ByteBuffer record = activity(Activity.SIZE);
    record.putShort(Header.FLAGS, (short) Flag.SUMMARY);
    return add(record);
  }

  RecordBytes opened(int role) {
    ByteBuffer record = record(Kind.CONNECTION, Connection.SIZE);
    record.putLong(Connection.OPENED_NS, role == Role.UNKNOWN ? 0 : 1000);
    record.put(Connection.ROLE, (byte) role);
    return add(record);
  }

  /** One operation, of which so much was captured. */
  RecordBytes moved(int direction, byte[] bytes, int captured) {
    return moved(direction, bytes, Arrays.copyOf(bytes, captured), 0);
  }

  private RecordBytes moved(int direction, byte[] bytes, byte[] data, int flags) {
    ByteBuffer record = activity((Activity.SIZE + data.length + 7) / 8 * 8);
    record.putShort(Header.FLAGS, (short) flags);
    record.putLong(Activity.RX_OFFSET, rxOffset).putLong(Activity.TX_OFFSET, txOffset);
    record.putInt(Activity.BYTES, bytes.length).putInt(Activity.CAPTURED, data.length);
    record.put(Activity.DIRECTION, (byte) direction);
    record.put(Activity.DATA, data, 0, data.length);
    if (direction == 0) {
      rxOffset += bytes.length;
    } else {
      txOffset += bytes.length;
    }
    return add(record);
  }

  RecordBytes moved(int direction, byte[] bytes) {
    return moved(direction, bytes, bytes.length);
  }

  /**
   * One operation, told in fragments.
   *
   * @param isCaptured by byte
   */
  RecordBytes fragments(int direction, byte[] bytes, boolean[] isCaptured) {
    ByteBuffer data = ByteBuffer.allocate(16 * bytes.length + 16).order(ByteOrder.nativeOrder());
    int skipped = 0;
    for (int at = 0; at < bytes.length; ) {
      int to = at;
      while (to < bytes.length && isCaptured[to] == isCaptured[at]) {
        to++;
      }
      if (isCaptured[at]) {
        data.putInt(skipped).putInt(to - at).put(bytes, at, to - at);
        while (data.position() % 8 != 0) {
          data.put((byte) '!'); // was never told to be anything
        }
        skipped = 0;
      } else {
        skipped += to - at;
      }
      at = to;
    }
    moved(direction, bytes, Arrays.copyOf(data.array(), data.position()), Flag.FRAGMENTS);
    return this;
  }

  /** A record that never arrived. */
  RecordBytes lost() {
    sequence++;
    return this;
  }

  private ByteBuffer activity(int length) {
    ByteBuffer record = record(session == 0 ? Kind.ACTIVITY : Kind.PLAINTEXT, length);
    record.putInt(Header.SESSION, session);
    if (session != 0) {
      record.put(Activity.MATCH, (byte) (connection == 0 ? Match.NONE : Match.IO));
    }
    return record;
  }

  private ByteBuffer record(int kind, int length) {
    ByteBuffer record = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    record.putInt(Header.LENGTH, length).putShort(Header.KIND, (short) kind);
    record.putLong(Header.CONNECTION, connection).putInt(Header.SEQUENCE, ++sequence);
    return record;
  }

  private RecordBytes add(ByteBuffer record) {
    block.writeBytes(record.array());
    count++;
    return this;
  }

  /** All of them, in one message. */
  CaptureMessage message() {
    return CaptureMessage.newBuilder()
        .setSequence(1)
        .setBlock(
            Block.newBuilder().setRecords(ByteString.copyFrom(block.toByteArray())).setCount(count))
        .build();
  }
}
