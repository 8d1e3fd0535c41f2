package io.sonde.probes.probe.files;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.Probe;
import io.sonde.probes.probe.ProbeContext;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A probe whose programs run in the files that programs use. Loading it hooks nothing yet: where it
 * is attached depends on what runs.
 */
public abstract class FilePrograms implements Probe {
  private final String resource;
  private final List<String> names;
  private final List<HookFinder> finders;
  private Map<String, BpfObject> programs = Map.of();

  /**
   * @param resource the compiled object, beside the class
   * @param names that hooks have for its programs
   * @param finders of the places that they are for
   */
  protected FilePrograms(String resource, List<String> names, List<HookFinder> finders) {
    this.resource = resource;
    this.names = List.copyOf(names);
    this.finders = List.copyOf(finders);
  }

  @Override
  public final boolean essential() {
    return false;
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

  /** Of the places that they are for. */
  final List<HookFinder> finders() {
    return finders;
  }
}
