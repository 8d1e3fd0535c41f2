package io.sonde.probes.probe;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfMap;
import io.sonde.probes.bpf.BpfObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What probes are loaded with: settings, and the maps that they share. */
public final class ProbeContext {
  /** The socket's programs name them, so that they are made in any case: some MB. */
  private static final List<String> UNUSED_WITHOUT_TLS =
      List.of("tls_calls", "tls_sessions", "tls_cookies");

  private final Settings settings;
  private final Map<String, Integer> sizes = new HashMap<>();
  private final Map<String, BpfMap> maps = new HashMap<>();

  /**
   * @param ringBytes a power of two, at least a page
   */
  public ProbeContext(Settings settings, int ringBytes) {
    this.settings = settings;
    sizes.put("ring", ringBytes);
    if (!settings.tls()) {
      UNUSED_WITHOUT_TLS.forEach(map -> sizes.put(map, 1));
    }
  }

  public Settings settings() {
    return settings;
  }

  /**
   * Loads the object compiled beside {@code owner}, with the shared maps.
   *
   * @throws BpfException when the kernel refuses it
   */
  public BpfObject load(Class<?> owner, String resource) throws BpfException {
    return BpfObject.load(owner, resource, settings.image(), sizes, maps);
  }

  /**
   * Loads the object compiled beside {@code owner} and attaches its programs in this order; all of
   * them or none.
   *
   * @throws BpfException when the kernel refuses
   */
  public BpfObject attach(Class<?> owner, String resource, String... programs) throws BpfException {
    BpfObject object = load(owner, resource);
    try {
      for (String program : programs) {
        object.attach(program);
      }
      return object;
    } catch (BpfException e) {
      object.close();
      throw e;
    }
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
