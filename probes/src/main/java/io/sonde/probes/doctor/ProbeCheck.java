package io.sonde.probes.doctor;

import io.sonde.contract.doctor.Finding;
import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.bpf.LibBpfVersion;
import io.sonde.probes.probe.Probe;
import io.sonde.probes.probe.ProbeContext;
import io.sonde.probes.probe.Probes;
import io.sonde.probes.probe.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Loads every probe into the kernel, as capture does, and takes it out again without attaching it:
 * the verifier's word is the only one that counts. Without the right to load, it looks whether the
 * kernel has what they hang on.
 */
final class ProbeCheck implements Check {
  private static final int RING_BYTES = 1 << 16;
  private static final String NEWER =
      "run a kernel >= 6.3 (Debian 12: linux-image-amd64 from bookworm-backports)";

  private final Host host;
  private final boolean mayLoad;

  ProbeCheck(Host host, boolean mayLoad) {
    this.host = host;
    this.mayLoad = mayLoad;
  }

  @Override
  public List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    Finding library = library();
    findings.add(library);
    boolean load = mayLoad && library.status() == Finding.Status.OK;
    List<BpfObject> loaded = new ArrayList<>();
    try {
      ProbeContext context =
          new ProbeContext(
              new Settings(
                  64, 64, 1, false, (int) ProcessHandle.current().pid(), 100, true, true, true),
              RING_BYTES);
      for (Probe probe : Probes.list()) {
        findings.add(load ? load(probe, context, loaded) : look(probe));
      }
    } finally {
      loaded.forEach(BpfObject::close);
    }
    return findings;
  }

  private static Finding library() {
    try {
      return Finding.ok("libbpf", "libbpf.so.1 is there, version " + LibBpfVersion.read());
    } catch (BpfException e) {
      return Finding.failed("libbpf", e.getMessage(), "nothing can be captured", "install it");
    }
  }

  /**
   * @param loaded receives it: the first has the maps of the others
   */
  private static Finding load(Probe probe, ProbeContext context, List<BpfObject> loaded) {
    try {
      loaded.add(context.load(probe.getClass(), probe.name() + ".bpf.o"));
      return Finding.ok("probe." + probe.name(), "the kernel takes it");
    } catch (BpfException e) {
      return without(probe, e.getMessage(), "");
    }
  }

  private Finding look(Probe probe) {
    String check = "probe." + probe.name();
    try {
      Set<String> hooks = Hooks.of(probe);
      Set<String> missing = KernelBtf.missing(host.file(KernelBtf.FILE), hooks);
      return missing.isEmpty()
          ? Finding.couldNotTell(
              check,
              "the kernel has what it hangs on; whether it is taken only loading tells",
              "look as root, with CAP_BPF and CAP_PERFMON: sudo sonde doctor")
          : without(probe, "this kernel has no " + String.join(", ", missing), NEWER);
    } catch (IOException e) {
      return Finding.couldNotTell(check, "its hooks cannot be looked up: " + e, "see btf");
    }
  }

  private static Finding without(Probe probe, String why, String remedy) {
    String check = "probe." + probe.name();
    return probe.essential()
        ? Finding.failed(check, why, probe.lostWithout(), remedy)
        : Finding.degraded(check, why, probe.lostWithout(), remedy);
  }
}
