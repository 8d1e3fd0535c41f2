package io.sonde.probes.probe.tls;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.ProbeContext;
import io.sonde.probes.probe.Settings;
import java.util.List;
import java.util.Map;

/** TLS libraries of C. */
public final class TlsProbe implements TlsPrograms {
  private Map<String, BpfObject> programs = Map.of();

  @Override
  public String name() {
    return "tls";
  }

  @Override
  public boolean essential() {
    return false;
  }

  @Override
  public boolean isWanted(Settings settings) {
    return settings.tls();
  }

  @Override
  public String lostWithout() {
    return "requests over TLS of programs with OpenSSL, GnuTLS or BoringSSL are not seen";
  }

  @Override
  public BpfObject attach(ProbeContext context) throws BpfException {
    BpfObject object = context.load(TlsProbe.class, "tls.bpf.o");
    programs = Map.of(TlsHook.ON_CALL, object, TlsHook.ON_RETURN, object);
    return object;
  }

  @Override
  public Map<String, BpfObject> programs() {
    return programs;
  }

  @Override
  public List<TlsFunctions> libraries() {
    return List.of(CLibrary.values());
  }
}
