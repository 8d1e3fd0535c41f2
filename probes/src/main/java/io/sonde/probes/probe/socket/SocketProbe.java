package io.sonde.probes.probe.socket;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.Probe;
import io.sonde.probes.probe.ProbeContext;

/** Reads, writes and states of the TCP sockets of selected processes. */
public final class SocketProbe implements Probe {
  @Override
  public String name() {
    return "socket";
  }

  @Override
  public boolean essential() {
    return true;
  }

  @Override
  public String lostWithout() {
    return "nothing can be captured";
  }

  @Override
  public BpfObject attach(ProbeContext context) throws BpfException {
    return context.attach(
        SocketProbe.class, "socket.bpf.o", "on_state", "on_receive", "on_send", "on_destroy");
  }
}
