package io.sonde.probes.probe.gotls;

import io.sonde.probes.probe.Settings;
import io.sonde.probes.probe.files.FilePrograms;
import io.sonde.probes.probe.files.HookFinder;
import java.util.List;

/** TLS of Go programs. */
public final class GoTlsProbe extends FilePrograms {
  public GoTlsProbe() {
    super("gotls.bpf.o", List.of(GoTls.ON_CALL, GoTls.ON_COPY, GoTls.ON_RETURN));
  }

  @Override
  protected List<HookFinder> finders(Settings settings) {
    return List.of(new GoTls());
  }

  @Override
  public String name() {
    return "gotls";
  }

  @Override
  public boolean isWanted(Settings settings) {
    return settings.tls();
  }

  @Override
  public String lostWithout() {
    return "requests over TLS of Go programs are not seen";
  }
}
