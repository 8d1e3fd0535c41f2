package io.sonde.probes.bpf;

import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * bpf(2) by hand, for what libbpf 1.1 has no function for. Layouts: union bpf_attr of linux/bpf.h.
 * Results below zero are errno, negated.
 */
final class BpfSystemCall {
  /** enum bpf_prog_type, also of uprobes. */
  static final int PROG_TYPE_KPROBE = 2;

  /** enum bpf_attach_type. */
  static final int ATTACH_ANY = 0;

  static final int ATTACH_UPROBE_MULTI = 48;

  private static final long BPF = 321; // its number on x86-64
  private static final int PROG_LOAD = 5;
  private static final int LINK_CREATE = 28;
  private static final int UPROBE_MULTI_RETURN = 1;
  private static final int ATTR_SIZE = 72;

  // BPF_PROG_LOAD
  private static final int PROG_TYPE = 0;
  private static final int INSTRUCTION_COUNT = 4;
  private static final int INSTRUCTIONS = 8;
  private static final int LICENSE = 16;
  private static final int EXPECTED_ATTACH_TYPE = 68;
  private static final long R0_IS_0 = 0xb7;
  private static final long EXIT = 0x95;

  // BPF_LINK_CREATE with uprobe_multi
  private static final int PROG_FD = 0;
  private static final int ATTACH_TYPE = 8;
  private static final int PATH = 16;
  private static final int OFFSETS = 24;
  private static final int COOKIES = 40;
  private static final int COUNT = 48;
  private static final int FLAGS = 52;

  private final Native library;

  private BpfSystemCall(Native library) {
    this.library = library;
  }

  static BpfSystemCall get() throws BpfException {
    return new BpfSystemCall(Native.get());
  }

  /** A uprobe program that does nothing. */
  int loadEmpty(int attachType) {
    Pointer instructions = allocate(2 * Long.BYTES);
    instructions.putLong(0, R0_IS_0);
    instructions.putLong(Long.BYTES, EXIT);
    Pointer license = text("GPL");
    Pointer attr = allocate(ATTR_SIZE);
    attr.putInt(PROG_TYPE, PROG_TYPE_KPROBE);
    attr.putInt(INSTRUCTION_COUNT, 2);
    attr.putLong(INSTRUCTIONS, instructions.address());
    attr.putLong(LICENSE, license.address());
    attr.putInt(EXPECTED_ATTACH_TYPE, attachType);
    return call(PROG_LOAD, attr, instructions, license);
  }

  /**
   * @param atReturn whether the program is to run when the functions at the points return
   * @return file descriptor of the link, which lives as long as it is open
   */
  int linkUprobes(int programFd, Path file, List<UprobePoint> points, boolean atReturn) {
    Pointer path = text(file.toString());
    Pointer offsets = allocate(points.size() * Long.BYTES);
    Pointer cookies = allocate(points.size() * Long.BYTES);
    for (int i = 0; i < points.size(); i++) {
      offsets.putLong((long) i * Long.BYTES, points.get(i).offset());
      cookies.putLong((long) i * Long.BYTES, points.get(i).cookie());
    }
    Pointer attr = allocate(ATTR_SIZE);
    attr.putInt(PROG_FD, programFd);
    attr.putInt(ATTACH_TYPE, ATTACH_UPROBE_MULTI);
    attr.putLong(PATH, path.address());
    attr.putLong(OFFSETS, offsets.address());
    attr.putLong(COOKIES, cookies.address());
    attr.putInt(COUNT, points.size());
    attr.putInt(FLAGS, atReturn ? UPROBE_MULTI_RETURN : 0);
    return call(LINK_CREATE, attr, path, offsets, cookies);
  }

  void close(int fd) {
    library.libc().close(fd);
  }

  /**
   * @param pointedTo what attr holds the addresses of: not to be collected during the call
   */
  private int call(int command, Pointer attr, Pointer... pointedTo) {
    long result = library.libc().syscall(BPF, command, attr, ATTR_SIZE);
    int errno = library.errno();
    for (Pointer pointer : pointedTo) {
      Reference.reachabilityFence(pointer);
    }
    return result < 0 ? -errno : (int) result;
  }

  private Pointer text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Pointer memory = allocate(bytes.length + 1);
    memory.put(0, bytes, 0, bytes.length);
    return memory;
  }

  private Pointer allocate(int size) {
    return Memory.allocateDirect(library.runtime(), size, true);
  }
}
