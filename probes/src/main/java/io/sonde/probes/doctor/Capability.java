package io.sonde.probes.doctor;

/** Those that capture keeps, as bin/sonde lists them. */
enum Capability {
  BPF(39, "nothing can be captured: no BPF program can be loaded", true),
  PERFMON(38, "nothing can be captured: no BPF program may look at the kernel", true),
  SYS_PTRACE(
      19, "processes of other users are not named: /proc does not show what they execute", false),
  DAC_READ_SEARCH(
      2, "what other users may not read is not read: a service's own name and language", false),
  CHECKPOINT_RESTORE(
      40,
      "the TLS of programs whose library was replaced while they run, as by an upgrade, is not read",
      false);

  /** Bit in the kernel's sets, include/uapi/linux/capability.h. */
  final int bit;

  final String lostWithout;
  final boolean essential;

  Capability(int bit, String lostWithout, boolean essential) {
    this.bit = bit;
    this.lostWithout = lostWithout;
    this.essential = essential;
  }
}
