package io.sonde.probes.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A map in the kernel, with 32-bit keys. Lives as long as its {@link BpfObject}. Safe for use by
 * many threads.
 */
public final class BpfMap {
  /** Flags of BPF_MAP_UPDATE_ELEM. */
  public enum Update {
    ANY,
    IF_ABSENT
  }

  private final Native library;
  private final String name;
  private final int fd;

  BpfMap(Native library, String name, int fd) {
    this.library = library;
    this.name = name;
    this.fd = fd;
  }

  int fd() {
    return fd;
  }

  /**
   * @return false when the condition of {@code update} was not met or the map is full
   */
  public boolean putInt(int key, int value, Update update) {
    return library.bpf().bpf_map_update_elem(fd, bytes(key), bytes(value), update.ordinal()) == 0;
  }

  /**
   * The same for a value of 64 bits.
   *
   * @return false when the condition of {@code update} was not met or the map is full
   */
  public boolean putLong(int key, long value, Update update) {
    return library.bpf().bpf_map_update_elem(fd, bytes(key), bytes(value), update.ordinal()) == 0;
  }

  /**
   * The same for a value of any size.
   *
   * @param value as many bytes as the map's values have
   * @return false when the condition of {@code update} was not met or the map is full
   */
  public boolean put(int key, byte[] value, Update update) {
    return library.bpf().bpf_map_update_elem(fd, bytes(key), value, update.ordinal()) == 0;
  }

  /**
   * @param value takes the element, as many bytes as the map's values have
   * @return false when there is none
   */
  public boolean get(int key, byte[] value) {
    return library.bpf().bpf_map_lookup_elem(fd, bytes(key), value) == 0;
  }

  /**
   * @return the value, or {@code otherwise} when there is none
   */
  public long getLong(int key, long otherwise) {
    byte[] value = new byte[Long.BYTES];
    return get(key, value)
        ? ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong()
        : otherwise;
  }

  /**
   * Writes an element that must be writable, as those of arrays are.
   *
   * @throws BpfException when the kernel refuses
   */
  public void putLong(int key, long value) throws BpfException {
    if (library.bpf().bpf_map_update_elem(fd, bytes(key), bytes(value), 0) != 0) {
      throw new BpfException("map " + name + " cannot be written (errno " + library.errno() + ")");
    }
  }

  /**
   * @return the value, or {@code otherwise} when there is none
   */
  public int getInt(int key, int otherwise) {
    byte[] value = new byte[Integer.BYTES];
    return get(key, value)
        ? ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt()
        : otherwise;
  }

  /** Removes an element; nothing happens when there is none. */
  public void remove(int key) {
    library.bpf().bpf_map_delete_elem(fd, bytes(key));
  }

  /**
   * The sum over all CPUs of a 64-bit element of a per-CPU array.
   *
   * @throws BpfException when it cannot be read
   */
  public long perCpuSum(int key) throws BpfException {
    return perCpuSums(key, 1)[0];
  }

  /**
   * The sums over all CPUs of an element of so many 64-bit words of a per-CPU array.
   *
   * @throws BpfException when it cannot be read
   */
  public long[] perCpuSums(int key, int words) throws BpfException {
    byte[] values = new byte[library.bpf().libbpf_num_possible_cpus() * words * Long.BYTES];
    if (library.bpf().bpf_map_lookup_elem(fd, bytes(key), values) != 0) {
      throw new BpfException("map " + name + " cannot be read (errno " + library.errno() + ")");
    }
    ByteBuffer buffer = ByteBuffer.wrap(values).order(ByteOrder.nativeOrder());
    long[] sums = new long[words];
    for (int i = 0; buffer.hasRemaining(); i = (i + 1) % words) {
      sums[i] += buffer.getLong();
    }
    return sums;
  }

  private static byte[] bytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(value).array();
  }

  private static byte[] bytes(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value).array();
  }
}
