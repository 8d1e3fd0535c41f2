package io.sonde.probes.bpf;

import java.io.ByteArrayOutputStream;
import jnr.ffi.Pointer;

/** An attached program, or an iterator ready to run. Detaches when closed: keep it referenced. */
public final class BpfLink implements AutoCloseable {
  private static final int MAX_WRITTEN = 1 << 20;

  private final Native library;
  private final String program;
  private Pointer link;

  BpfLink(Native library, String program, Pointer link) {
    this.library = library;
    this.program = program;
    this.link = link;
  }

  /**
   * Walks an iterator once from start to end, on this thread.
   *
   * @return what the program wrote (bpf_seq_write), of which the first {@value #MAX_WRITTEN} bytes
   * @throws BpfException when the kernel refuses
   */
  public byte[] run() throws BpfException {
    int fd = library.bpf().bpf_iter_create(library.bpf().bpf_link__fd(link));
    if (fd < 0) {
      throw new BpfException(program + " cannot be started (errno " + library.errno() + ")");
    }
    try {
      ByteArrayOutputStream written = new ByteArrayOutputStream();
      byte[] chunk = new byte[4096];
      long n = library.libc().read(fd, chunk, chunk.length);
      while (n > 0) {
        written.write(chunk, 0, (int) Math.min(n, MAX_WRITTEN - written.size()));
        n = library.libc().read(fd, chunk, chunk.length);
      }
      if (n < 0) {
        throw new BpfException(program + " stopped half-way (errno " + library.errno() + ")");
      }
      return written.toByteArray();
    } finally {
      library.libc().close(fd);
    }
  }

  @Override
  public void close() {
    if (link != null) {
      library.bpf().bpf_link__destroy(link);
      link = null;
    }
  }
}
