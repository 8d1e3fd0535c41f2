package io.sonde.probes.capture;

import com.google.protobuf.UnsafeByteOperations;
import io.sonde.contract.v1.Block;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Collects records, byte for byte, into one message. For one thread. */
final class BlockBuilder {
  private final byte[] bytes;
  private int length;
  private int count;

  BlockBuilder(int capacity) {
    bytes = new byte[capacity];
  }

  boolean isEmpty() {
    return count == 0;
  }

  int count() {
    return count;
  }

  /**
   * @return false when it does not fit: build first
   */
  boolean append(ByteBuffer data, int offset, int size) {
    if (size > bytes.length - length) {
      return false;
    }
    data.get(offset, bytes, length, size);
    length += size;
    count++;
    return true;
  }

  /** The block, after which this is empty again. */
  Block build() {
    // the copy belongs to the message alone, so it need not be copied once more
    Block block =
        Block.newBuilder()
            .setRecords(UnsafeByteOperations.unsafeWrap(Arrays.copyOf(bytes, length)))
            .setCount(count)
            .build();
    length = 0;
    count = 0;
    return block;
  }
}
