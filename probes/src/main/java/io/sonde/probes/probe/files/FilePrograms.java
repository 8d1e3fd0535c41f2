package io.sonde.probes.probe.files;

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
 * A probe whose programs run in the files that programs use. Loading it hooks nothing yet: where it
 * is attached depends on what runs.
 */
public abstract class FilePrograms implements Probe {
  private final String resource;
  private final List<String> names;
  private Map<String, BpfObject> programs = Map.of();
  private List<HookFinder> finders = List.of();

  /**
   * @param resource the compiled object, beside the class
   * @param names that hooks have for its programs
   */
  protected FilePrograms(String resource, List<String> names) {
    this.resource = resource;
    this.names = List.copyOf(names);
  }

  /** Of the places that its programs are for. */
  protected abstract List<HookFinder> finders(Settings settings);

  @Override
  public final boolean essential() {
    return false;
  }

  @Override
  public final BpfObject attach(ProbeContext context) throws BpfException {
    BpfObject object = context.load(getClass(), resource);
    finders = finders(context.settings());
    programs = names.stream().collect(toUnmodifiableMap(Function.identity(), name -> object));
    return object;
  }

  /** By the names that hooks have for them; empty when they are not loaded. */
  final Map<String, BpfObject> programs() {
    return programs;
  }

  /** Empty when they are not loaded. */
  final List<HookFinder> finders() {
    return finders;
  }
}
