package io.sonde.probes.probe.tls;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.Probe;
import io.sonde.probes.probe.ProbeContext;
import io.sonde.probes.probe.Settings;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A probe for some kinds of TLS libraries. Loading it hooks nothing yet: where its programs are
 * attached depends on what runs.
 */
public abstract class TlsPrograms implements Probe {
  private final String resource;
  private final List<String> names;
  private final List<TlsFunctions> libraries;
  private Map<String, BpfObject> programs = Map.of();

  /**
   * @param resource the compiled object, beside the class
   * @param names that hooks have for its programs
   * @param libraries that they are for
   */
  protected TlsPrograms(String resource, List<String> names, List<TlsFunctions> libraries) {
    this.resource = resource;
    this.names = List.copyOf(names);
    this.libraries = List.copyOf(libraries);
  }

  @Override
  public final boolean essential() {
    return false;
  }

  @Override
  public final boolean isWanted(Settings settings) {
    return settings.tls();
  }

  @Override
  public final BpfObject attach(ProbeContext context) throws BpfException {
    BpfObject object = context.load(getClass(), resource);
    programs = names.stream().collect(toUnmodifiableMap(Function.identity(), name -> object));
    return object;
  }

  /** By the names that hooks have for them; empty when they are not loaded. */
  final Map<String, BpfObject> programs() {
    return programs;
  }

  /** Which libraries they are for. */
  final List<TlsFunctions> libraries() {
    return libraries;
  }
}
