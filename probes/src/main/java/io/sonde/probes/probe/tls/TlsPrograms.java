package io.sonde.probes.probe.tls;

import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.Probe;
import java.util.List;
import java.util.Map;

/**
 * A probe for some kinds of TLS libraries. Loading it hooks nothing yet: where its programs are
 * attached depends on what runs.
 */
public interface TlsPrograms extends Probe {
  /** By the names that hooks have for them; empty when they are not loaded. */
  Map<String, BpfObject> programs();

  /** Which libraries they are for. */
  List<TlsFunctions> libraries();
}
