package io.sonde.contract;

import io.sonde.contract.RecordLayout.Activity;
import io.sonde.contract.RecordLayout.Ancestor;
import io.sonde.contract.RecordLayout.Connection;
import io.sonde.contract.RecordLayout.Direction;
import io.sonde.contract.RecordLayout.Flag;
import io.sonde.contract.RecordLayout.Fragment;
import io.sonde.contract.RecordLayout.Go;
import io.sonde.contract.RecordLayout.GoAct;
import io.sonde.contract.RecordLayout.Goroutine;
import io.sonde.contract.RecordLayout.Header;
import io.sonde.contract.RecordLayout.Kind;
import io.sonde.contract.RecordLayout.Match;
import io.sonde.contract.RecordLayout.Role;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * Walks the records of a block in place. {@link #next} checks a record whole, so the getters never
 * reach outside it. A flyweight for one thread: nothing is allocated but exceptions.
 *
 * <pre>{@code
 * reader.wrap(block, 0, length);
 * while (reader.next()) { switch (reader.kind()) { … } }
 * }</pre>
 */
public final class RecordReader {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final int TAIL_SIZE = 8;

  private byte[] block = {};
  private int start;
  private int at;
  private int next;
  private int end;

  /** Starts over with the records in {@code block[offset .. offset + length)}. */
  public void wrap(byte[] block, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, block.length);
    this.block = block;
    this.start = offset;
    this.at = offset;
    this.next = offset;
    this.end = offset + length;
  }

  /**
   * Moves to the next record.
   *
   * @return false at the end of the block
   * @throws MalformedRecordException when it does not follow the contract. If its length can still
   *     be believed, the next call moves to the record after it, otherwise the next call returns
   *     false.
   */
  public boolean next() throws MalformedRecordException {
    if (next == end) {
      return false;
    }
    at = next;
    int remaining = end - at;
    next = end;
    expect(remaining >= Header.SIZE, "a whole header before the end of the block", remaining);
    int length = length();
    expect(
        length >= Header.SIZE && length <= remaining && length % RecordLayout.ALIGNMENT == 0,
        "a length that is a multiple of 8 from " + Header.SIZE + " to " + remaining,
        length);
    next = at + length;
    switch (kind()) {
      case Kind.CONNECTION -> checkConnection();
      case Kind.ACTIVITY, Kind.CLOSED -> checkActivity();
      case Kind.PLAINTEXT -> checkPlaintext();
      case Kind.GOROUTINE -> checkGo();
      default -> throw malformed("a kind from 1 to 5", kind());
    }
    return true;
  }

  private void checkConnection() throws MalformedRecordException {
    expect(length() == Connection.SIZE, "a connection of " + Connection.SIZE + " bytes", length());
    expect(role() <= Role.CLIENT, "a role from 0 to 2", role());
  }

  private void checkActivity() throws MalformedRecordException {
    expect(length() >= Activity.SIZE, "at least " + Activity.SIZE + " bytes", length());
    expect(bytes() >= 0, "a size below 2 GiB", Integer.toUnsignedLong(bytes()));
    int room = dataRoom();
    expect(
        captured() >= 0 && captured() <= room,
        "at most " + room + " captured bytes",
        Integer.toUnsignedLong(captured()));
    if (hasFragments()) {
      checkFragments();
    }
    expect(direction() <= Direction.TX, "direction 0 or 1", direction());
    expect(rxTailLength() <= TAIL_SIZE, "a tail of at most 8 bytes", rxTailLength());
    expect(txTailLength() <= TAIL_SIZE, "a tail of at most 8 bytes", txTailLength());
  }

  private int dataRoom() throws MalformedRecordException {
    int room = Math.min(length() - Activity.DATA, RecordLayout.MAX_CAPTURE);
    if (hasGoroutine()) {
      room -= Goroutine.SIZE;
      expect(room >= 0, "room for a goroutine behind the data", length());
    }
    return hasFragments() ? room : Math.min(room, bytes());
  }

  private void checkFragments() throws MalformedRecordException {
    int end = captured();
    int fragment = 0;
    long told = 0;
    while (fragment < end) {
      expect(end - fragment >= Fragment.SIZE, "a whole fragment", end - fragment);
      int from = Activity.DATA + fragment;
      long skipped = Integer.toUnsignedLong(getInt(from + Fragment.SKIPPED));
      int length = getInt(from + Fragment.LENGTH);
      expect(
          length >= 0 && length <= end - fragment - Fragment.SIZE,
          "a fragment within the data",
          Integer.toUnsignedLong(length));
      told += skipped + length;
      expect(told <= bytes(), "fragments of at most " + bytes() + " bytes in all", told);
      fragment = Math.min(end, aligned(fragment + Fragment.SIZE + length));
    }
  }

  private static int aligned(int size) {
    return size + RecordLayout.ALIGNMENT - 1 & -RecordLayout.ALIGNMENT;
  }

  private void checkGo() throws MalformedRecordException {
    expect(length() >= Go.SIZE, "at least " + Go.SIZE + " bytes", length());
    expect(act() >= GoAct.CALLS && act() <= GoAct.ROUTES, "an act from 1 to 3", act());
    expect(
        ancestors() <= GoAct.ANCESTORS, "at most " + GoAct.ANCESTORS + " ancestors", ancestors());
    int room = length() - Go.ROUTE;
    expect(
        routeLength() >= 0 && routeLength() <= room,
        "a route of at most " + room + " bytes",
        Integer.toUnsignedLong(routeLength()));
  }

  private void checkPlaintext() throws MalformedRecordException {
    checkActivity();
    expect(session() != 0, "a session", 0);
    expect(match() <= Match.CONFLICT, "a match from 0 to 3", match());
    boolean known = match() == Match.IO || match() == Match.THREAD;
    expect(known == (connection() != 0), "a connection where one is known", connection());
  }

  private void expect(boolean met, String expectation, long found) throws MalformedRecordException {
    if (!met) {
      throw malformed(expectation, found);
    }
  }

  private MalformedRecordException malformed(String expectation, long found) {
    return new MalformedRecordException(at - start, expectation, found);
  }

  /** Where the record begins, in bytes from the begin of the block. */
  public int offset() {
    return at - start;
  }

  /** Where the record after it begins; the end of the block when there is none to be believed. */
  public int nextOffset() {
    return next - start;
  }

  /** Bytes of the record, header included. */
  public int length() {
    return getInt(Header.LENGTH);
  }

  /** One of {@link Kind}. */
  public int kind() {
    return getShort(Header.KIND);
  }

  /** Any of {@link RecordLayout.Flag}, or-ed. */
  public int flags() {
    return getShort(Header.FLAGS);
  }

  public long timeNs() {
    return getLong(Header.TIME_NS);
  }

  public long connection() {
    return getLong(Header.CONNECTION);
  }

  /** Unsigned 32 bit, wraps. */
  public int sequence() {
    return getInt(Header.SEQUENCE);
  }

  public int tgid() {
    return getInt(Header.TGID);
  }

  public int tid() {
    return getInt(Header.TID);
  }

  /** Of TLS, in plaintext; unsigned 32 bit, wraps; 0 in other kinds. */
  public int session() {
    return getInt(Header.SESSION);
  }

  // ---- struct sonde_connection

  public long openedNs() {
    return getLong(Connection.OPENED_NS);
  }

  public long netns() {
    return getLong(Connection.NETNS);
  }

  /** Copies the 16 bytes of the local address. */
  public void localAddress(byte[] into) {
    System.arraycopy(block, at + Connection.LOCAL_ADDRESS, into, 0, 16);
  }

  /** Copies the 16 bytes of the remote address. */
  public void remoteAddress(byte[] into) {
    System.arraycopy(block, at + Connection.REMOTE_ADDRESS, into, 0, 16);
  }

  public int localPort() {
    return getShort(Connection.LOCAL_PORT);
  }

  public int remotePort() {
    return getShort(Connection.REMOTE_PORT);
  }

  /** One of {@link Role}. */
  public int role() {
    return getByte(Connection.ROLE);
  }

  public boolean mptcp() {
    return getByte(Connection.MPTCP) != 0;
  }

  // ---- struct sonde_activity

  public long arrivedNs() {
    return getLong(Activity.ARRIVED_NS);
  }

  public long rxOffset() {
    return getLong(Activity.RX_OFFSET);
  }

  public long txOffset() {
    return getLong(Activity.TX_OFFSET);
  }

  public long rxLastNs() {
    return getLong(Activity.RX_LAST_NS);
  }

  public long txLastNs() {
    return getLong(Activity.TX_LAST_NS);
  }

  public int bytes() {
    return getInt(Activity.BYTES);
  }

  public int captured() {
    return getInt(Activity.CAPTURED);
  }

  /** One of {@link Direction}. */
  public int direction() {
    return getByte(Activity.DIRECTION);
  }

  /** One of {@link Match}; meaningless but in plaintext. */
  public int match() {
    return getByte(Activity.MATCH);
  }

  public int syscall() {
    return getShort(Activity.SYSCALL);
  }

  /** The array the captured bytes are in: the block itself. */
  public byte[] data() {
    return block;
  }

  /** Index in {@link #data} of the first captured byte. */
  public int dataOffset() {
    return at + Activity.DATA;
  }

  /** Copies the valid bytes of the tail to {@code into} from index 0 and returns how many, 0..8. */
  public int rxTail(byte[] into) {
    System.arraycopy(block, at + Activity.RX_TAIL, into, 0, rxTailLength());
    return rxTailLength();
  }

  /** As {@link #rxTail}, for the transmitted bytes. */
  public int txTail(byte[] into) {
    System.arraycopy(block, at + Activity.TX_TAIL, into, 0, txTailLength());
    return txTailLength();
  }

  /** Whether the data is a row of fragments, to be walked with {@link #nextFragment}. */
  public boolean hasFragments() {
    return (flags() & Flag.FRAGMENTS) != 0;
  }

  /**
   * Of data in fragments.
   *
   * @param fragment index in {@link #data} of one, {@link #dataOffset} for the first
   * @return the index of the one after it; not below {@code dataOffset() + captured()} when it was
   *     the last
   */
  public int nextFragment(int fragment) {
    int from = fragment - dataOffset();
    return dataOffset() + aligned(from + Fragment.SIZE + fragmentLength(fragment));
  }

  /** Bytes moved between the fragment before and this one, unsigned 32 bit. */
  public long fragmentSkipped(int fragment) {
    return Integer.toUnsignedLong(getInt(fragment - at + Fragment.SKIPPED));
  }

  /** Bytes of the fragment, from {@code fragment + Fragment.DATA} on. */
  public int fragmentLength(int fragment) {
    return getInt(fragment - at + Fragment.LENGTH);
  }

  private boolean hasGoroutine() {
    return (flags() & Flag.GOROUTINE) != 0;
  }

  /** The goroutine that did it; 0 not known. */
  public long goroutine() {
    return hasGoroutine() ? getLong(length() - Goroutine.SIZE + Goroutine.ID) : 0;
  }

  /** The goroutine that created that one; 0 not known. */
  public long goroutineParent() {
    return hasGoroutine() ? getLong(length() - Goroutine.SIZE + Goroutine.PARENT) : 0;
  }

  // ---- struct sonde_go

  /** One of {@link GoAct}. */
  public int act() {
    return getByte(Go.ACT);
  }

  public long actor() {
    return getLong(Go.GOROUTINE + Goroutine.ID);
  }

  /** 0 not known. */
  public long actorParent() {
    return getLong(Go.GOROUTINE + Goroutine.PARENT);
  }

  /** Of HTTP/2; 0: HTTP/1; {@link GoAct#NEXT_STREAM}. */
  public int stream() {
    return getInt(Go.STREAM);
  }

  /** 0 to {@link GoAct#ANCESTORS}. */
  public int ancestors() {
    return getByte(Go.ANCESTORS);
  }

  public long ancestor(int index) {
    return getLong(ancestorOffset(index) + Ancestor.ID);
  }

  /** 0 not known. */
  public long ancestorCreatedNs(int index) {
    return getLong(ancestorOffset(index) + Ancestor.CREATED_NS);
  }

  private int ancestorOffset(int index) {
    return Go.ANCESTOR + Objects.checkIndex(index, ancestors()) * Ancestor.SIZE;
  }

  /** A copy of the framework's bytes: hostile. */
  public byte[] route() {
    return Arrays.copyOfRange(block, at + Go.ROUTE, at + Go.ROUTE + routeLength());
  }

  private int routeLength() {
    return getInt(Go.ROUTE_LENGTH);
  }

  private int rxTailLength() {
    return getByte(Activity.RX_TAIL_LENGTH);
  }

  private int txTailLength() {
    return getByte(Activity.TX_TAIL_LENGTH);
  }

  private int getByte(int offset) {
    return block[at + offset] & 0xff;
  }

  private int getShort(int offset) {
    return (short) SHORT.get(block, at + offset) & 0xffff;
  }

  private int getInt(int offset) {
    return (int) INT.get(block, at + offset);
  }

  private long getLong(int offset) {
    return (long) LONG.get(block, at + offset);
  }
}
