package io.sonde.probes.probe.sweep;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfLink;
import io.sonde.probes.bpf.BpfMap;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.Probe;
import io.sonde.probes.probe.ProbeContext;

/** Walks over all tracked sockets, to summarise the idle ones or to announce all of them again. */
public final class SweepProbe implements Probe {
  private static final int SUMMARY = 0;
  private static final int ANNOUNCE = 1;

  private BpfMap mode;
  private BpfLink sockets;

  @Override
  public String name() {
    return "sweep";
  }

  @Override
  public boolean essential() {
    return false;
  }

  @Override
  public String lostWithout() {
    return "the last large answer on an idle keep-alive connection is reported only with the next request or the"
        + " close, and connections open during a restart of the receiver are lost to it";
  }

  @Override
  public BpfObject attach(ProbeContext context) throws BpfException {
    BpfObject object = context.load(SweepProbe.class, "sweep.bpf.o");
    try {
      sockets = object.attachIterator("on_tracked", context.map("sockets"));
      mode = object.map("sweep_mode");
      return object;
    } catch (BpfException e) {
      object.close();
      throw e;
    }
  }

  /**
   * Tells the totals of every idle connection that has something untold.
   *
   * @throws BpfException when the kernel refuses
   */
  public void summarise() throws BpfException {
    run(SUMMARY);
  }

  /**
   * Tells the identity of every connection again.
   *
   * @throws BpfException when the kernel refuses
   */
  public void announce() throws BpfException {
    run(ANNOUNCE);
  }

  private void run(int what) throws BpfException {
    if (sockets == null) {
      return;
    }
    mode.putInt(0, what, BpfMap.Update.ANY);
    sockets.run();
  }
}
