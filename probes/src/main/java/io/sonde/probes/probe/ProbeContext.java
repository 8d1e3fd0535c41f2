package io.sonde.probes.probe;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfMap;
import io.sonde.probes.bpf.BpfObject;
import java.util.HashMap;
import java.util.Map;

/** What probes are loaded with: settings, and the maps that they share. */
public final class ProbeContext {
  private final Settings settings;
  private final int ringBytes;
  private final Map<String, BpfMap> maps = new HashMap<>();

  /**
   * @param ringBytes a power of two, at least a page
   */
  public ProbeContext(Settings settings, int ringBytes) {
    this.settings = settings;
    this.ringBytes = ringBytes;
  }

  /**
   * Loads the object compiled beside {@code owner}, with the shared maps.
   *
   * @throws BpfException when the kernel refuses it
   */
  public BpfObject load(Class<?> owner, String resource) throws BpfException {
    return BpfObject.load(owner, resource, settings.image(), ringBytes, maps);
  }

  /** A shared map; exists once a probe that uses it is loaded. */
  public BpfMap map(String name) {
    BpfMap map = maps.get(name);
    if (map == null) {
      throw new IllegalStateException("no probe with map " + name + " is loaded");
    }
    return map;
  }
}
