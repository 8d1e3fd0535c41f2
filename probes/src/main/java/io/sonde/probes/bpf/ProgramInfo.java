package io.sonde.probes.bpf;

import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/** {@code struct bpf_prog_info} (linux/bpf.h), the one field we read. */
final class ProgramInfo {
  private static final int RECURSION_MISSES = 208;
  private static final int SIZE = 232;

  private ProgramInfo() {}

  /**
   * Times the program was skipped because it ran already on that CPU; 0 on kernels that do not tell
   * (before 5.12).
   */
  static long recursionMisses(Native library, int programFd) {
    Pointer info = Memory.allocateDirect(library.runtime(), SIZE, true);
    Pointer length = Memory.allocateDirect(library.runtime(), Integer.BYTES, true);
    length.putInt(0, SIZE);
    if (library.bpf().bpf_obj_get_info_by_fd(programFd, info, length) != 0) {
      return 0;
    }
    return info.getLong(RECURSION_MISSES);
  }
}
