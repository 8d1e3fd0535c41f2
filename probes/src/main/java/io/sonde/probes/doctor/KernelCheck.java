package io.sonde.probes.doctor;

import io.sonde.contract.doctor.Finding;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** The kernel, what it says of its types, and how far it is locked. */
final class KernelCheck implements Check {
  private static final String NOTHING = "nothing can be captured";
  private static final String LOCKDOWN = "sys/kernel/security/lockdown";
  private static final String ARCHITECTURE = "amd64";

  private final Host host;
  private final String architecture;

  KernelCheck(Host host) {
    this(host, System.getProperty("os.arch"));
  }

  KernelCheck(Host host, String architecture) {
    this.host = host;
    this.architecture = architecture;
  }

  @Override
  public List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    findings.add(kernel());
    findings.add(btf());
    findings.add(lockdown());
    findings.add(settings());
    return findings;
  }

  /** That it is new enough shows in its tracepoints: distributions port them back. */
  private Finding kernel() {
    try {
      String release = "Linux " + host.text("proc/sys/kernel/osrelease") + ", " + architecture;
      return architecture.equals(ARCHITECTURE)
          ? Finding.ok("kernel", release)
          : Finding.failed("kernel", release, NOTHING, "run Sonde on x86-64: it knows no other");
    } catch (IOException e) {
      return Finding.couldNotTell("kernel", "/proc cannot be read: " + e, "mount /proc");
    }
  }

  private Finding btf() {
    try {
      KernelBtf.missing(host.file(KernelBtf.FILE), List.of());
      return Finding.ok("btf", "/" + KernelBtf.FILE + " is there and readable");
    } catch (NoSuchFileException e) {
      return Finding.failed(
          "btf",
          "there is no /" + KernelBtf.FILE + ": the kernel was built without CONFIG_DEBUG_INFO_BTF",
          NOTHING,
          "run a distribution's kernel (Debian 11+, Ubuntu 20.10+, RHEL 8.2+ have it), or mount /sys"
              + " in the container");
    } catch (IOException e) {
      return Finding.failed(
          "btf",
          "/" + KernelBtf.FILE + " cannot be used: " + e,
          NOTHING,
          "let it be read: it is 0444 on an untouched host");
    }
  }

  private Finding lockdown() {
    if (!host.has(LOCKDOWN)) {
      return Finding.ok("lockdown", "the kernel has none, or securityfs is not mounted here");
    }
    try {
      String text = host.text(LOCKDOWN);
      if (text.contains("[confidentiality]")) {
        return Finding.degraded(
            "lockdown",
            "confidentiality: BPF programs may not read the kernel's memory",
            "probes that do are refused: see their own lines",
            "boot with lockdown=integrity, or without Secure Boot");
      }
      return Finding.ok(
          "lockdown", text + ": without effect, since Sonde writes to no program and no kernel");
    } catch (IOException e) {
      return Finding.couldNotTell("lockdown", "/" + LOCKDOWN + ": " + e, "look as root");
    }
  }

  private Finding settings() {
    return Finding.ok(
        "sysctl",
        "kernel.unprivileged_bpf_disabled=%s, kernel.perf_event_paranoid=%s: neither matters with CAP_BPF and CAP_PERFMON"
            .formatted(sysctl("unprivileged_bpf_disabled"), sysctl("perf_event_paranoid")));
  }

  private String sysctl(String name) {
    try {
      return host.text("proc/sys/kernel/" + name);
    } catch (IOException e) {
      return "?";
    }
  }
}
