package io.sonde.probes.probe.tls;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.Probe;
import io.sonde.probes.probe.ProbeContext;

/**
 * Programs for TLS libraries of C. Loading hooks nothing yet: where they are attached depends on
 * what runs, see {@link TlsLibraries}.
 */
public final class TlsProbe implements Probe {
  @Override
  public String name() {
    return "tls";
  }

  @Override
  public boolean essential() {
    return false;
  }

  @Override
  public String lostWithout() {
    return "requests over TLS are not seen, only that there are connections";
  }

  @Override
  public BpfObject attach(ProbeContext context) throws BpfException {
    return context.load(TlsProbe.class, "tls.bpf.o");
  }
}
