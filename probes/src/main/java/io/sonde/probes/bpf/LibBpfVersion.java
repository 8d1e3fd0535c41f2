package io.sonde.probes.bpf;

/** Which libbpf.so.1 is loaded. */
public final class LibBpfVersion {
  private LibBpfVersion() {}

  /**
   * As {@code 1.1}.
   *
   * @throws BpfException when there is none; says what to install
   */
  public static String read() throws BpfException {
    LibBpf bpf = Native.get().bpf();
    return bpf.libbpf_major_version() + "." + bpf.libbpf_minor_version();
  }
}
