package io.sonde.probes.bpf;

import jnr.ffi.Pointer;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The few libc functions the probes need. Public only because jnr-ffi generates a class that
 * implements it.
 */
public interface LibC {
  Pointer mmap(
      Pointer address, @size_t long length, int protection, int flags, int fd, @off_t long offset);

  int munmap(Pointer address, @size_t long length);

  @ssize_t
  long read(int fd, byte[] buffer, @size_t long count);

  int close(int fd);

  int open(String path, int flags);

  int statfs(String path, Pointer buffer);

  /** openat2(2), which has no function of its own. */
  long syscall(long number, int folder, String path, Pointer how, long size);

  /** bpf(2), which has none either. */
  long syscall(long number, int command, Pointer attr, int size);

  int getpagesize();

  int vsnprintf(byte[] buffer, @size_t long size, Pointer format, Pointer arguments);
}
