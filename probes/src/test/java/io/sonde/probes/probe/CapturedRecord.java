package io.sonde.probes.probe;

import io.sonde.contract.RecordLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A record as a test wants to look at it. */
public record CapturedRecord(
    int kind,
    int flags,
    long timeNs,
    long connection,
    int sequence,
    int pid,
    int tid,
    int session,
    long arrivedNs,
    long rxOffset,
    long txOffset,
    int bytes,
    int direction,
    int match,
    int syscall,
    int role,
    int localPort,
    int remotePort,
    String rxTail,
    String txTail,
    String data,
    long goroutine,
    GoTold go) {

  /** What a goroutine does; null in records of other kinds. */
  public record GoTold(
      int act, long goroutine, long parent, int stream, List<Ancestor> ancestors, String route) {
    public record Ancestor(long id, long createdNs) {}

    private static GoTold of(ByteBuffer b, int at) {
      List<Ancestor> ancestors = new ArrayList<>();
      for (int i = 0; i < b.get(at + RecordLayout.Go.ANCESTORS); i++) {
        int one = at + RecordLayout.Go.ANCESTOR + i * 2 * Long.BYTES;
        ancestors.add(new Ancestor(b.getLong(one), b.getLong(one + Long.BYTES)));
      }
      return new GoTold(
          b.get(at + RecordLayout.Go.ACT),
          b.getLong(at + RecordLayout.Go.GOROUTINE),
          b.getLong(at + RecordLayout.Go.GOROUTINE + Long.BYTES),
          b.getInt(at + RecordLayout.Go.STREAM),
          ancestors,
          text(b, at + RecordLayout.Go.ROUTE, b.getInt(at + RecordLayout.Go.ROUTE_LENGTH)));
    }
  }

  static CapturedRecord of(ByteBuffer b, int at) {
    int kind = b.getShort(at + RecordLayout.Header.KIND);
    boolean activity = kind >= RecordLayout.Kind.ACTIVITY && kind <= RecordLayout.Kind.PLAINTEXT;
    boolean connection = kind == RecordLayout.Kind.CONNECTION;
    return new CapturedRecord(
        kind,
        b.getShort(at + RecordLayout.Header.FLAGS),
        b.getLong(at + RecordLayout.Header.TIME_NS),
        b.getLong(at + RecordLayout.Header.CONNECTION),
        b.getInt(at + RecordLayout.Header.SEQUENCE),
        b.getInt(at + RecordLayout.Header.TGID),
        b.getInt(at + RecordLayout.Header.TID),
        b.getInt(at + RecordLayout.Header.SESSION),
        activity ? b.getLong(at + RecordLayout.Activity.ARRIVED_NS) : 0,
        activity ? b.getLong(at + RecordLayout.Activity.RX_OFFSET) : 0,
        activity ? b.getLong(at + RecordLayout.Activity.TX_OFFSET) : 0,
        activity ? b.getInt(at + RecordLayout.Activity.BYTES) : 0,
        activity ? b.get(at + RecordLayout.Activity.DIRECTION) : 0,
        activity ? b.get(at + RecordLayout.Activity.MATCH) : 0,
        activity ? b.getShort(at + RecordLayout.Activity.SYSCALL) : 0,
        connection ? b.get(at + RecordLayout.Connection.ROLE) : 0,
        connection ? Short.toUnsignedInt(b.getShort(at + RecordLayout.Connection.LOCAL_PORT)) : 0,
        connection ? Short.toUnsignedInt(b.getShort(at + RecordLayout.Connection.REMOTE_PORT)) : 0,
        activity
            ? text(
                b,
                at + RecordLayout.Activity.RX_TAIL,
                b.get(at + RecordLayout.Activity.RX_TAIL_LENGTH))
            : "",
        activity
            ? text(
                b,
                at + RecordLayout.Activity.TX_TAIL,
                b.get(at + RecordLayout.Activity.TX_TAIL_LENGTH))
            : "",
        activity
            ? text(
                b, at + RecordLayout.Activity.DATA, b.getInt(at + RecordLayout.Activity.CAPTURED))
            : "",
        (b.getShort(at + RecordLayout.Header.FLAGS) & RecordLayout.Flag.GOROUTINE) != 0
            ? b.getLong(
                at + b.getInt(at + RecordLayout.Header.LENGTH) - RecordLayout.Goroutine.SIZE)
            : 0,
        kind == RecordLayout.Kind.GOROUTINE ? GoTold.of(b, at) : null);
  }

  private static String text(ByteBuffer b, int at, int length) {
    byte[] bytes = new byte[length];
    b.get(at, bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  public boolean is(int wantedKind) {
    return kind == wantedKind;
  }

  /** The first word of a connection, not the one that goes with its end. */
  public boolean announces() {
    return is(RecordLayout.Kind.CONNECTION) && !has(RecordLayout.Flag.CLOSING);
  }

  public boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
