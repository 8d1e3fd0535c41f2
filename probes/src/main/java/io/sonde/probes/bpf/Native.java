package io.sonde.probes.bpf;

import java.nio.charset.StandardCharsets;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** The two loaded libraries, and what libbpf has last complained about. Loaded on first use. */
final class Native {
  private static final int LIBBPF_WARN = 0;
  private static final int MAX_MESSAGE = 4096;
  private static final int MAX_MESSAGES = 64 * 1024;
  private static final String MISSING =
      "libbpf.so.1 cannot be loaded: %s; install it (Debian: apt-get install libbpf1)";

  private final LibBpf bpf;
  private final LibC libc;
  private final Runtime runtime;
  private final StringBuilder messages = new StringBuilder();
  // libbpf calls it as long as the process lives: must not be collected
  private final LibBpf.PrintCallback print = this::remember;

  private Native() throws BpfException {
    libc = LibraryLoader.create(LibC.class).load("c");
    try {
      bpf = LibraryLoader.create(LibBpf.class).load("bpf");
      bpf.libbpf_set_print(print);
    } catch (UnsatisfiedLinkError e) {
      throw new BpfException(String.format(MISSING, e.getMessage()), e);
    }
    runtime = Runtime.getRuntime(bpf);
  }

  private static final class Holder {
    private static Native instance;

    private static synchronized Native get() throws BpfException {
      if (instance == null) {
        instance = new Native();
      }
      return instance;
    }
  }

  static Native get() throws BpfException {
    return Holder.get();
  }

  LibBpf bpf() {
    return bpf;
  }

  LibC libc() {
    return libc;
  }

  Runtime runtime() {
    return runtime;
  }

  /** errno of this thread's last call into one of the libraries. */
  int errno() {
    return runtime.getLastError();
  }

  private int remember(int level, Pointer format, Pointer arguments) {
    if (level > LIBBPF_WARN) {
      return 0;
    }
    byte[] text = new byte[MAX_MESSAGE];
    int length = libc.vsnprintf(text, text.length, format, arguments);
    synchronized (messages) {
      if (messages.length() < MAX_MESSAGES) {
        messages.append(
            new String(
                text, 0, Math.min(Math.max(length, 0), text.length - 1), StandardCharsets.UTF_8));
      }
    }
    return length;
  }

  /** What libbpf has said since the last call. */
  String takeMessages() {
    synchronized (messages) {
      String taken = messages.toString();
      messages.setLength(0);
      return taken;
    }
  }
}
