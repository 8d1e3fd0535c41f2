package io.sonde.probes.probe.tls;

import io.sonde.probes.probe.Settings;
import io.sonde.probes.probe.files.FilePrograms;
import io.sonde.probes.probe.files.HookFinder;
import java.util.List;

/** TLS libraries of C. */
public final class TlsProbe extends FilePrograms {
  /** Before a function does its work. */
  public static final String ON_CALL = "on_call";

  /** When it has returned. */
  public static final String ON_RETURN = "on_return";

  public TlsProbe() {
    super("tls.bpf.o", List.of(ON_CALL, ON_RETURN));
  }

  @Override
  protected List<HookFinder> finders(Settings settings) {
    return List.of(CLibrary.values());
  }

  @Override
  public String name() {
    return "tls";
  }

  @Override
  public boolean isWanted(Settings settings) {
    return settings.tls();
  }

  @Override
  public String lostWithout() {
    return "requests over TLS of programs with OpenSSL, GnuTLS or BoringSSL are not seen";
  }
}
