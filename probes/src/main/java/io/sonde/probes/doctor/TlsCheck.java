package io.sonde.probes.doctor;

import io.sonde.contract.doctor.Finding;
import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.UprobeMechanism;
import io.sonde.probes.host.ProcFs;
import java.io.IOException;
import java.util.List;

/** How TLS libraries are hooked here, and whether there is TLS that cannot be read. */
final class TlsCheck implements Check {
  private static final String UPROBES = "uprobes";
  private static final String LOST =
      "requests over TLS are not seen, only that there are connections";
  private static final int SYS_ADMIN = 21;
  private static final int HEX = 16;

  private final Host host;
  private final boolean mayLoad;

  TlsCheck(Host host, boolean mayLoad) {
    this.host = host;
    this.mayLoad = mayLoad;
  }

  @Override
  public List<Finding> look() {
    return List.of(uprobes(), java());
  }

  private Finding uprobes() {
    if (!mayLoad) {
      return Finding.couldNotTell(
          UPROBES,
          "whether the kernel has uprobe_multi only loading a program tells",
          "look as root, with CAP_BPF and CAP_PERFMON: sudo sonde doctor");
    }
    try {
      return finding(UprobeMechanism.best(), hasSysAdmin());
    } catch (BpfException | IOException | NumberFormatException e) {
      return Finding.degraded(UPROBES, e.getMessage(), LOST, "see capability.bpf and libbpf");
    }
  }

  static Finding finding(UprobeMechanism mechanism, boolean hasSysAdmin) {
    if (mechanism == UprobeMechanism.MULTI) {
      return Finding.ok(
          UPROBES,
          "the kernel has uprobe_multi: TLS libraries are hooked, a microsecond or two a call");
    }
    String found = "the kernel has no uprobe_multi, which came with Linux 6.6";
    return hasSysAdmin
        ? Finding.degraded(
            UPROBES,
            found + ": perf events are used",
            "hooking a TLS library takes longer, for each of its functions one by one",
            "run a kernel >= 6.6")
        : Finding.degraded(
            UPROBES,
            found + ", and perf events take CAP_SYS_ADMIN, which capture does not keep",
            LOST,
            "run a kernel >= 6.6");
  }

  private boolean hasSysAdmin() throws IOException {
    long held = Long.parseUnsignedLong(host.field("proc/self/status", "CapEff:"), HEX);
    return (held >> SYS_ADMIN & 1) == 1;
  }

  private static Finding java() {
    ProcFs proc = new ProcFs();
    long running = proc.pids().stream().filter(pid -> proc.language(pid).equals("java")).count();
    return Finding.ok(
        "tls.java",
        running
            + " Java programs run, with Sonde: Java's own TLS cannot be read without entering the"
            + " JVM, requests over it are counted as tls_unreadable_processes and tls, not decoded");
  }
}
