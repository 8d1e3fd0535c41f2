package io.sonde.probes.probe.tls;

import java.util.List;

/** TLS libraries of C. */
public final class TlsProbe extends TlsPrograms {
  public TlsProbe() {
    super("tls.bpf.o", List.of(TlsHook.ON_CALL, TlsHook.ON_RETURN), List.of(CLibrary.values()));
  }

  @Override
  public String name() {
    return "tls";
  }

  @Override
  public String lostWithout() {
    return "requests over TLS of programs with OpenSSL, GnuTLS or BoringSSL are not seen";
  }
}
