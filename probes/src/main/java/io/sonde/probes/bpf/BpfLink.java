package io.sonde.probes.bpf;

import jnr.ffi.Pointer;

/** An attached program, or an iterator ready to run. Detaches when closed: keep it referenced. */
public final class BpfLink implements AutoCloseable {
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
   * @throws BpfException when the kernel refuses
   */
  public void run() throws BpfException {
    int fd = library.bpf().bpf_iter_create(library.bpf().bpf_link__fd(link));
    if (fd < 0) {
      throw new BpfException(program + " cannot be started (errno " + library.errno() + ")");
    }
    try {
      byte[] text = new byte[64];
      long n;
      do {
        n = library.libc().read(fd, text, text.length);
      } while (n > 0);
      if (n < 0) {
        throw new BpfException(program + " stopped half-way (errno " + library.errno() + ")");
      }
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
