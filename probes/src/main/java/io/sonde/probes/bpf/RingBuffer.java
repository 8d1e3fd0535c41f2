package io.sonde.probes.bpf;

import com.kenai.jffi.MemoryIO;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.Pointer;

/**
 * Reads a BPF_MAP_TYPE_RINGBUF in place (kernel/bpf/ringbuf.c): one page with the consumer
 * position, one with the producer position, then the data mapped twice in a row, so that no record
 * is ever split. For one thread.
 *
 * <pre>
 *   consumer page (rw)  |consumer_pos (8)|
 *   producer page (ro)  |producer_pos (8)|
 *   data (ro, twice)    |length and flags (4)|page offset (4)|record …|pad to 8| …
 * </pre>
 */
public final class RingBuffer implements AutoCloseable {
  /**
   * Looks at one record. The buffer is valid only during the call; false stops before this record.
   */
  @FunctionalInterface
  public interface Reader {
    boolean read(ByteBuffer data, int offset, int length);
  }

  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int MAP_SHARED = 1;
  private static final int RECORD_HEADER = 8;
  private static final int BUSY = 1 << 31;
  private static final int DISCARD = 1 << 30;
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final Native library;
  private final long mask;
  private final int page;
  private final Pointer consumerAddress;
  private final Pointer producerAddress;
  private final ByteBuffer consumer;
  private final ByteBuffer producer;
  private final ByteBuffer data;
  private long position;

  /**
   * @param bytes size of the ring, as the map was created with
   * @throws BpfException when it cannot be mapped
   */
  public RingBuffer(BpfMap map, int bytes) throws BpfException {
    library = Native.get();
    page = library.libc().getpagesize();
    mask = bytes - 1L;
    consumerAddress = map(map, page, PROT_READ | PROT_WRITE, 0);
    producerAddress = map(map, page + 2L * bytes, PROT_READ, page);
    consumer = buffer(consumerAddress.address(), page);
    producer = buffer(producerAddress.address(), page);
    data = buffer(producerAddress.address() + page, 2 * bytes);
    position = (long) LONG.getAcquire(consumer, 0);
  }

  private Pointer map(BpfMap map, long length, int protection, long offset) throws BpfException {
    Pointer address = library.libc().mmap(null, length, protection, MAP_SHARED, map.fd(), offset);
    if (address == null || address.address() == -1) {
      throw new BpfException("the ring buffer cannot be mapped (errno " + library.errno() + ")");
    }
    return address;
  }

  private static ByteBuffer buffer(long address, int length) {
    return MemoryIO.getInstance()
        .newDirectByteBuffer(address, length)
        .order(ByteOrder.nativeOrder());
  }

  /**
   * Hands records to {@code reader} in order until there is none or it stops.
   *
   * @return how many were taken
   */
  public int drain(Reader reader) {
    int taken = 0;
    long end = (long) LONG.getAcquire(producer, 0);
    while (position < end) {
      int at = (int) (position & mask);
      int header = (int) INT.getAcquire(data, at);
      if ((header & BUSY) != 0) {
        break;
      }
      int length = header & ~DISCARD;
      if ((header & DISCARD) == 0) {
        if (!reader.read(data, at + RECORD_HEADER, length)) {
          break;
        }
        taken++;
      }
      position += (length + RECORD_HEADER + 7L) & ~7L;
      LONG.setRelease(consumer, 0, position);
    }
    return taken;
  }

  @Override
  public void close() {
    library.libc().munmap(producerAddress, page + 2 * (mask + 1));
    library.libc().munmap(consumerAddress, page);
  }
}
