package io.sonde.probes.probe.process;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.Probe;
import io.sonde.probes.probe.ProbeContext;

/** Exec, fork and exit: keeps the selection right while processes come and go. */
public final class ProcessProbe implements Probe {
  @Override
  public String name() {
    return "process";
  }

  @Override
  public boolean essential() {
    return false;
  }

  @Override
  public String lostWithout() {
    return "processes that start later are selected only when they begin to listen on a selected port";
  }

  @Override
  public BpfObject attach(ProbeContext context) throws BpfException {
    return context.attach(ProcessProbe.class, "process.bpf.o", "on_exit", "on_fork", "on_exec");
  }
}
