package io.sonde.probes.probe;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.arrival.ArrivalProbe;
import io.sonde.probes.probe.existing.ExistingProbe;
import io.sonde.probes.probe.files.FilePrograms;
import io.sonde.probes.probe.files.FileThread;
import io.sonde.probes.probe.files.FileTracking;
import io.sonde.probes.probe.go.GoProbe;
import io.sonde.probes.probe.gotls.GoTlsProbe;
import io.sonde.probes.probe.process.ProcessProbe;
import io.sonde.probes.probe.socket.SocketProbe;
import io.sonde.probes.probe.sweep.SweepProbe;
import io.sonde.probes.probe.tls.TlsProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** All probes, attached in order; closing detaches them. */
public final class Probes implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Probes.class.getName());

  private final ExistingProbe existing = new ExistingProbe();
  private final SweepProbe sweep = new SweepProbe();
  private final List<FilePrograms> files = List.of(new TlsProbe(), new GoTlsProbe(), new GoProbe());

  /** A new probe is a line here. The first one makes the maps that the others share. */
  private final List<Probe> all =
      Stream.concat(
              Stream.of(new SocketProbe(), new ArrivalProbe(), new ProcessProbe(), existing, sweep),
              files.stream())
          .toList();

  private final List<ProbeStatus> statuses = new ArrayList<>();
  private final List<BpfObject> objects = new ArrayList<>();

  private Probes() {}

  /**
   * @throws BpfException when an essential probe cannot be attached; then none is
   */
  public static Probes attach(ProbeContext context) throws BpfException {
    Probes probes = new Probes();
    for (Probe probe : probes.all) {
      if (probe.isWanted(context.settings())) {
        probes.attach(probe, context);
      }
    }
    return probes;
  }

  /** All of them, in the order in which they are to be loaded; none is. */
  public static List<Probe> list() {
    return new Probes().all;
  }

  private void attach(Probe probe, ProbeContext context) throws BpfException {
    try {
      objects.add(probe.attach(context));
      statuses.add(new ProbeStatus(probe.name(), true, ""));
    } catch (BpfException e) {
      if (probe.essential()) {
        close();
        throw e;
      }
      statuses.add(new ProbeStatus(probe.name(), false, e.getMessage()));
      LOG.log(
          Level.WARNING,
          () ->
              "probe "
                  + probe.name()
                  + " is not attached, so "
                  + probe.lostWithout()
                  + ": "
                  + e.getMessage());
    }
  }

  public List<ProbeStatus> statuses() {
    return List.copyOf(statuses);
  }

  public ExistingProbe existing() {
    return existing;
  }

  public SweepProbe sweep() {
    return sweep;
  }

  /** Begins to follow processes to the files that they use; to be closed before this. */
  public FileTracking trackFiles(ProbeContext context) {
    return FileThread.start(files, context);
  }

  /**
   * Runs that the kernel skipped, over all programs: activity that no counter in BPF can know of.
   */
  public long missedRuns() {
    return objects.stream().mapToLong(BpfObject::missedRuns).sum();
  }

  @Override
  public void close() {
    objects.forEach(BpfObject::close);
    objects.clear();
  }
}
