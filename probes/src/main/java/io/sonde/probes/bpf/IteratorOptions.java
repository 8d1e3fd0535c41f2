package io.sonde.probes.bpf;

import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * {@code struct bpf_iter_attach_opts} (libbpf.h) with {@code union bpf_iter_link_info} naming a
 * map.
 */
final class IteratorOptions {
  private static final int LINK_INFO = 8;
  private static final int LINK_INFO_LENGTH = 16;
  private static final int SIZE = 24;
  private static final int LINK_INFO_SIZE = 16;

  private IteratorOptions() {}

  static Pointer over(Native library, BpfMap map) {
    // one block, so that the options keep the link info alive
    Pointer memory = Memory.allocateDirect(library.runtime(), SIZE + LINK_INFO_SIZE, true);
    Pointer info = memory.slice(SIZE);
    info.putInt(0, map.fd());
    memory.putLong(0, SIZE);
    memory.putPointer(LINK_INFO, info);
    memory.putInt(LINK_INFO_LENGTH, LINK_INFO_SIZE);
    return memory;
  }
}
