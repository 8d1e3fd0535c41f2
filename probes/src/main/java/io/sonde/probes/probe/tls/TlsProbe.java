package io.sonde.probes.probe.tls;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.Probe;
import io.sonde.probes.probe.ProbeContext;
import io.sonde.probes.probe.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Programs for TLS libraries of C. Loading hooks nothing yet: where they are attached depends on
 * what runs, see {@link TlsLibraries}.
 */
public final class TlsProbe implements Probe {
  /** Programs that run again and again, each a moment, do not have it attached to each time. */
  private static final Duration LINGERING = Duration.ofSeconds(10);

  private BpfObject object;

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
  public boolean isWanted(Settings settings) {
    return settings.tls();
  }

  @Override
  public BpfObject attach(ProbeContext context) throws BpfException {
    object = context.load(TlsProbe.class, "tls.bpf.o");
    return object;
  }

  /**
   * Begins to follow processes; after {@link #attach}.
   *
   * @return {@link TlsTracking#OFF} when the programs are not loaded
   */
  public TlsTracking track(ProbeContext context) {
    if (object == null) {
      return TlsTracking.OFF;
    }
    HookedFiles files =
        new HookedFiles(
            Map.of(TlsHook.ON_CALL, object, TlsHook.ON_RETURN, object),
            context.map("tls_libraries"),
            List.of(CLibrary.values()));
    return new TlsThread(
        new TlsLibraries(files, context.map("tls_processes"), LINGERING.toNanos()));
  }
}
