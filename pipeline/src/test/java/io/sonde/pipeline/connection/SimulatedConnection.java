package io.sonde.pipeline.connection;

import io.sonde.pipeline.event.Activity.Kind;
import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.Direction;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.event.TlsMatch;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * One connection of a {@link SimulatedCapture}, or a TLS session on it; does what the BPF programs
 * do.
 */
public final class SimulatedConnection {
  private final SimulatedCapture capture;
  private final long cookie;
  private final Role role;
  private final long openedNs;
  private final MutableActivity activity = new MutableActivity();

  /** 0: the socket itself. */
  private final int session;

  private TlsMatch match = TlsMatch.NONE;

  private int sequence = Integer.MAX_VALUE - 1; // wraps soon
  private long rxTotal;
  private long txTotal;
  private long rxLastNs;
  private long txLastNs;
  private byte[] rxTail = {};
  private byte[] txTail = {};
  private Direction turn;
  private int turnCaptured;
  private int toLose;
  private int missing;
  private long arrivedNs;
  private int pid = SimulatedCapture.PID;
  private int tid = SimulatedCapture.TID;
  private boolean waits;

  SimulatedConnection(SimulatedCapture capture, long cookie, Role role, long openedNs) {
    this.capture = capture;
    this.cookie = cookie;
    this.role = role;
    this.openedNs = openedNs;
    this.session = 0;
  }

  private SimulatedConnection(SimulatedConnection socket, int session, TlsMatch match) {
    this.capture = socket.capture;
    this.cookie = socket.cookie;
    this.role = socket.role;
    this.openedNs = socket.openedNs;
    this.session = session;
    this.match = match;
    this.sequence = 1;
  }

  /** A TLS session on this socket, whose plaintext is read and written by what follows. */
  public SimulatedConnection tls() {
    return new SimulatedConnection(this, capture.nextSession(), TlsMatch.IO);
  }

  /** The same, of which the kernel does not know yet that it is on this socket. */
  public SimulatedConnection tlsInMemory() {
    return new SimulatedConnection(this, capture.nextSession(), TlsMatch.NONE);
  }

  /** What is told once the kernel has seen that the handshake is of this session. */
  public SimulatedConnection readable() {
    emit(Kind.SUMMARY, capture.tick());
    return this;
  }

  /** From now on the kernel knows the session's socket, or that it cannot know it. */
  public SimulatedConnection matched(TlsMatch how) {
    match = how;
    return this;
  }

  SimulatedConnection announce() {
    capture.decoder.connectionOpened(
        new ConnectionOpened(
            cookie,
            openedNs,
            1,
            new InetSocketAddress("127.0.0.1", role == Role.CLIENT ? 40000 : 8080),
            new InetSocketAddress("127.0.0.2", role == Role.SERVER ? 40000 : 8080),
            role,
            false));
    return this;
  }

  long cookie() {
    return cookie;
  }

  /** The next operations are another process's. */
  public SimulatedConnection by(int otherPid) {
    pid = otherPid;
    return this;
  }

  /** The next operations are another thread's. */
  public SimulatedConnection in(int otherTid) {
    tid = otherTid;
    return this;
  }

  /**
   * The next operations are that goroutine's.
   *
   * @param parent that created it; 0 not known
   */
  public SimulatedConnection goroutine(long id, long parent) {
    activity.goroutine = id;
    activity.goroutineParent = parent;
    return this;
  }

  /** The next reads wait for their bytes. */
  public SimulatedConnection waiting() {
    waits = true;
    return this;
  }

  /** When the first byte of the next read reached the socket. */
  public SimulatedConnection arrived(long timeNs) {
    arrivedNs = timeNs;
    return this;
  }

  /** As many of the next records do not get through. */
  public SimulatedConnection lose(int records) {
    toLose = records;
    return this;
  }

  /** What the decoder said was missing before the latest record that got through. */
  int missing() {
    return missing;
  }

  public SimulatedConnection rx(String data) {
    return rx(SimulatedCapture.bytes(data));
  }

  public SimulatedConnection tx(String data) {
    return tx(SimulatedCapture.bytes(data));
  }

  public SimulatedConnection rx(byte[] data) {
    return transfer(Direction.RX, data, data.length, true);
  }

  public SimulatedConnection tx(byte[] data) {
    return transfer(Direction.TX, data, data.length, true);
  }

  /** Written by sendfile: no byte of it can be captured. */
  public SimulatedConnection sendfile(int bytes) {
    return transfer(Direction.TX, new byte[0], bytes, false);
  }

  /** Read by io_uring: no byte of it can be captured. */
  public SimulatedConnection uncapturableRx(int bytes) {
    return transfer(Direction.RX, new byte[0], bytes, false);
  }

  public SimulatedConnection summary() {
    emit(Kind.SUMMARY, capture.tick());
    return this;
  }

  public void close(boolean reset, boolean locally) {
    activity.reset = reset;
    activity.closedLocally = locally;
    emit(Kind.CLOSED, capture.tick());
  }

  public SimulatedConnection close() {
    close(false, true);
    return this;
  }

  private SimulatedConnection transfer(
      Direction direction, byte[] data, int length, boolean capturable) {
    long now = capture.tick();
    if (turn != direction) {
      turn = direction;
      turnCaptured = 0;
    }
    boolean rx = direction == Direction.RX;
    boolean request = rx == (role != Role.CLIENT);
    int budget = capture.budget(request || role == Role.UNKNOWN);
    int want = Math.min(length, Math.max(0, budget - turnCaptured));
    int got = capturable ? want : 0;
    byte[] tail =
        capturable && got < length
            ? Arrays.copyOfRange(data, Math.max(0, data.length - 8), data.length)
            : new byte[0];
    if (want > 0 || turnCaptured == 0) {
      activity.direction = direction;
      activity.bytes = length;
      activity.captured = got;
      activity.data = new byte[got + 3];
      activity.dataOffset = 3;
      System.arraycopy(data, 0, activity.data, 3, got);
      activity.arrivedNs = rx ? arrivedNs : 0;
      activity.pid = pid;
      activity.tid = tid;
      activity.waits = rx && waits;
      emit(Kind.TRANSFER, now);
    }
    turnCaptured += Math.max(got, 1);
    if (rx) {
      rxTotal += length;
      rxLastNs = now;
      rxTail = tail;
    } else {
      txTotal += length;
      txLastNs = now;
      txTail = tail;
    }
    return this;
  }

  private void emit(Kind kind, long now) {
    activity.kind = kind;
    boolean known = session == 0 || match == TlsMatch.IO || match == TlsMatch.THREAD;
    activity.connection = known ? cookie : 0;
    activity.session = session;
    if (session != 0) {
      activity.pid = pid;
      activity.tid = tid;
    }
    activity.match = match;
    activity.sequence = sequence++;
    activity.timeNs = now;
    activity.rxOffset = rxTotal;
    activity.txOffset = txTotal;
    activity.rxLastNs = rxLastNs;
    activity.txLastNs = txLastNs;
    activity.rxTail = rxTail;
    activity.txTail = txTail;
    if (kind != Kind.TRANSFER) {
      activity.bytes = 0;
      activity.captured = 0;
    }
    if (toLose > 0) {
      toLose--;
    } else {
      missing = capture.decoder.missingBefore(activity);
      capture.decoder.activity(activity);
    }
  }
}
