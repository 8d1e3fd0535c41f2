package io.sonde.probes.probe.existing;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfLink;
import io.sonde.probes.bpf.BpfMap;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.Probe;
import io.sonde.probes.probe.ProbeContext;

/** Sockets that were open before the capture started, or before their process was selected. */
public final class ExistingProbe implements Probe {
  private static final int PASS_LISTENERS = 0;
  private static final int PASS_MARK = 1;

  private BpfMap pass;
  private BpfLink files;
  private BpfLink tcp;

  @Override
  public String name() {
    return "existing";
  }

  @Override
  public boolean essential() {
    return false;
  }

  @Override
  public String lostWithout() {
    return "sockets opened before Sonde started are not traced";
  }

  @Override
  public BpfObject attach(ProbeContext context) throws BpfException {
    BpfObject object = context.load(ExistingProbe.class, "existing.bpf.o");
    try {
      files = object.attachIterator("on_file", null);
      tcp = object.attachIterator("on_tcp", null);
      pass = object.map("current_pass");
      return object;
    } catch (BpfException e) {
      object.close();
      throw e;
    }
  }

  /**
   * Selects the processes that listen on a selected port, then marks all sockets of selected
   * processes. Under 1 ms for a host with some hundred open files.
   *
   * @throws BpfException when the kernel refuses
   */
  public void scan() throws BpfException {
    if (files == null) {
      return;
    }
    run(PASS_LISTENERS, files);
    run(PASS_MARK, files);
    tcp.run();
  }

  private void run(int number, BpfLink iterator) throws BpfException {
    pass.putInt(0, number, BpfMap.Update.ANY);
    iterator.run();
  }
}
