package io.sonde.probes.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What users read when the kernel refuses a probe; the inputs are what libbpf 1.1.2 prints. */
class LoadFailureTest {
  private static final int EPERM = 1;
  private static final int EINVAL = 22;

  @Test
  void aKernelBefore63IsToldSo() {
    assertThat(
            LoadFailure.explain(
                "socket.bpf.o",
                3,
                """
                libbpf: prog 'on_receive': failed to find kernel BTF type ID of 'sock_recv_length': -3
                libbpf: prog 'on_receive': failed to prepare load attributes: -3
                libbpf: failed to load object
                """))
        .hasMessageContaining("has no tracepoint sock_recv_length, which came with Linux 6.3")
        .hasMessageContaining("run a kernel >= 6.3");
  }

  @Test
  void aMissingCapabilityIsNamed() {
    assertThat(
            LoadFailure.explain(
                "socket.bpf.o", EPERM, "libbpf: prog 'on_send': BPF program load failed\n"))
        .hasMessageContaining("CAP_BPF and CAP_PERFMON");
  }

  @Test
  void ofAVerifierLogTheVerdictIsKept() {
    String log =
        "libbpf: prog 'on_send': BPF program load failed: Invalid argument\n-- BEGIN PROG LOAD LOG --\n"
            + "0: R1=ctx()\n".repeat(500)
            + "R2 unbounded memory access, make sure to bounds check any such access\n"
            + "processed 501 insns (limit 1000000) max_states_per_insn 0\n-- END PROG LOAD LOG --\n"
            + "libbpf: failed to load object\n";
    assertThat(LoadFailure.explain("socket.bpf.o", EINVAL, log).getMessage())
        .contains("R2 unbounded memory access, make sure to bounds check any such access")
        .contains("lines before left out")
        .hasSizeLessThan(300);
  }

  @Test
  void anObjectThatIsNoneIsRefusedByTheRealLibrary() {
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () ->
                    BpfObject.load(
                        LoadFailureTest.class,
                        "LoadFailureTest.class",
                        new byte[24],
                        java.util.Map.of(),
                        new java.util.HashMap<>())))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("LoadFailureTest.class");
  }
}
