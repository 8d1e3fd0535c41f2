package io.sonde.probes.bpf;

import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/** {@code struct bpf_uprobe_opts} (libbpf.h 1.1). */
final class UprobeOptions {
  private static final int COOKIE = 16;
  private static final int AT_RETURN = 24;
  private static final int SIZE = 40;

  private UprobeOptions() {}

  static Pointer of(Native library, long cookie, boolean atReturn) {
    Pointer memory = Memory.allocateDirect(library.runtime(), SIZE, true);
    memory.putLong(0, SIZE);
    memory.putLong(COOKIE, cookie);
    memory.putByte(AT_RETURN, (byte) (atReturn ? 1 : 0));
    return memory;
  }
}
