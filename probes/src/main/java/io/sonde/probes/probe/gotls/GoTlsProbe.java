package io.sonde.probes.probe.gotls;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.ProbeContext;
import io.sonde.probes.probe.Settings;
import io.sonde.probes.probe.tls.TlsFunctions;
import io.sonde.probes.probe.tls.TlsPrograms;
import java.util.List;
import java.util.Map;

/** TLS of Go programs. */
public final class GoTlsProbe implements TlsPrograms {
  private Map<String, BpfObject> programs = Map.of();

  @Override
  public String name() {
    return "gotls";
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
    return "requests over TLS of Go programs are not seen";
  }

  @Override
  public BpfObject attach(ProbeContext context) throws BpfException {
    BpfObject object = context.load(GoTlsProbe.class, "gotls.bpf.o");
    programs = Map.of(GoTls.ON_CALL, object, GoTls.ON_COPY, object, GoTls.ON_RETURN, object);
    return object;
  }

  @Override
  public Map<String, BpfObject> programs() {
    return programs;
  }

  @Override
  public List<TlsFunctions> libraries() {
    return List.of(new GoTls());
  }
}
