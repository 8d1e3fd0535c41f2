package io.sonde.probes.probe.arrival;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.Probe;
import io.sonde.probes.probe.ProbeContext;

/** When bytes reach a tracked socket. */
public final class ArrivalProbe implements Probe {
  @Override
  public String name() {
    return "arrival";
  }

  @Override
  public boolean essential() {
    return false;
  }

  @Override
  public String lostWithout() {
    return "durations do not include the time a request waits before the program reads it";
  }

  @Override
  public BpfObject attach(ProbeContext context) throws BpfException {
    return context.attach(ArrivalProbe.class, "arrival.bpf.o", "on_data_ready");
  }
}
