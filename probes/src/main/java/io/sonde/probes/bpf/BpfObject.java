package io.sonde.probes.bpf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jnr.ffi.Pointer;

/**
 * One compiled BPF object, loaded into the kernel. Not safe for use by several threads. Closing
 * detaches all of its links.
 */
public final class BpfObject implements AutoCloseable {
  private static final String SETTINGS_MAP = ".rodata.settings";

  private final String name;
  private final Native library;
  private final Pointer object;
  private final Map<String, BpfMap> maps = new HashMap<>();
  private final List<BpfLink> links = new ArrayList<>();
  private Optional<UprobeMechanism> uprobes;

  private BpfObject(
      String name, Native library, Pointer object, Optional<UprobeMechanism> uprobes) {
    this.name = name;
    this.library = library;
    this.object = object;
    this.uprobes = uprobes;
  }

  /**
   * Loads the object that was compiled beside {@code owner}.
   *
   * @param resource e.g. {@code socket.bpf.o}
   * @param settings image of struct settings
   * @param sizes of maps, by name, where another one than the program's is wanted: bytes of a ring
   *     buffer (a power of two), else entries
   * @param shared maps that objects loaded before have made; the new ones are added
   * @throws BpfException when the kernel refuses it
   */
  public static BpfObject load(
      Class<?> owner,
      String resource,
      byte[] settings,
      Map<String, Integer> sizes,
      Map<String, BpfMap> shared)
      throws BpfException {
    return load(owner, resource, settings, sizes, shared, Optional.empty());
  }

  /**
   * The same, with its uprobe programs made for another mechanism than the kernel's best.
   *
   * @throws BpfException when the kernel refuses it
   */
  public static BpfObject load(
      Class<?> owner,
      String resource,
      byte[] settings,
      Map<String, Integer> sizes,
      Map<String, BpfMap> shared,
      Optional<UprobeMechanism> uprobes)
      throws BpfException {
    Native library = Native.get();
    byte[] image = read(owner, resource);
    library.takeMessages();
    Pointer handle = library.bpf().bpf_object__open_mem(image, image.length, null);
    if (handle == null) {
      throw LoadFailure.explain(resource, library.errno(), library.takeMessages());
    }
    BpfObject object = new BpfObject(resource, library, handle, uprobes);
    try {
      object.prepare(settings, sizes, shared);
      if (library.bpf().bpf_object__load(handle) != 0) {
        throw LoadFailure.explain(resource, library.errno(), library.takeMessages());
      }
    } catch (BpfException e) {
      object.close();
      throw e;
    }
    object.publishMaps(shared);
    return object;
  }

  private static byte[] read(Class<?> owner, String resource) throws BpfException {
    try (InputStream in = owner.getResourceAsStream(resource)) {
      if (in == null) {
        throw new BpfException(resource + " is not in the installation: reinstall Sonde");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new BpfException(resource + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void prepare(byte[] settings, Map<String, Integer> sizes, Map<String, BpfMap> shared)
      throws BpfException {
    LibBpf bpf = library.bpf();
    for (Pointer map = next(null); map != null; map = next(map)) {
      String mapName = bpf.bpf_map__name(map);
      BpfMap existing = shared.get(mapName);
      int result = 0;
      if (existing != null) {
        result = bpf.bpf_map__reuse_fd(map, existing.fd());
      } else if (mapName.equals(SETTINGS_MAP)) {
        result = bpf.bpf_map__set_initial_value(map, settings, settings.length);
      } else if (sizes.containsKey(mapName)) {
        result = bpf.bpf_map__set_max_entries(map, sizes.get(mapName));
      }
      if (result != 0) {
        throw new BpfException(name + ": map " + mapName + " cannot be set up (" + result + ")");
      }
    }
    prepareUprobes();
  }

  /** A program is told before it is loaded by which mechanism it is to be attached. */
  private void prepareUprobes() throws BpfException {
    LibBpf bpf = library.bpf();
    for (Pointer p = bpf.bpf_object__next_program(object, null);
        p != null;
        p = bpf.bpf_object__next_program(object, p)) {
      if (bpf.bpf_program__type(p) == BpfSystemCall.PROG_TYPE_KPROBE) {
        if (uprobes.isEmpty()) {
          uprobes = Optional.of(UprobeMechanism.best());
        }
        if (uprobes.get() == UprobeMechanism.MULTI) {
          bpf.bpf_program__set_expected_attach_type(p, BpfSystemCall.ATTACH_UPROBE_MULTI);
        }
      }
    }
  }

  private Pointer next(Pointer map) {
    return library.bpf().bpf_object__next_map(object, map);
  }

  private void publishMaps(Map<String, BpfMap> shared) {
    for (Pointer map = next(null); map != null; map = next(map)) {
      String mapName = library.bpf().bpf_map__name(map);
      BpfMap loaded = new BpfMap(library, mapName, library.bpf().bpf_map__fd(map));
      maps.put(mapName, loaded);
      if (!mapName.startsWith(".")) {
        shared.putIfAbsent(mapName, loaded);
      }
    }
  }

  /** A map of this object by its C name. */
  public BpfMap map(String mapName) {
    BpfMap map = maps.get(mapName);
    if (map == null) {
      throw new IllegalArgumentException(name + " has no map " + mapName);
    }
    return map;
  }

  /**
   * Attaches a program by its section name.
   *
   * @throws BpfException when the kernel refuses
   */
  public BpfLink attach(String program) throws BpfException {
    return link(program, library.bpf().bpf_program__attach(program(program)));
  }

  /**
   * Prepares an iterator; {@link BpfLink#run} walks it.
   *
   * @param over map whose elements are walked, or null when the iterator is not about a map
   */
  public BpfLink attachIterator(String program, BpfMap over) throws BpfException {
    Pointer options = over == null ? null : IteratorOptions.over(library, over);
    return link(program, library.bpf().bpf_program__attach_iter(program(program), options));
  }

  /**
   * Hooks a program at all of these points of a file, in every process that maps it now or later;
   * at none of them on failure. Takes the mutex of all mappings in the system for each point: some
   * milliseconds altogether.
   *
   * @param program in a section {@code uprobe} or {@code uretprobe}
   * @param file as we see it, e.g. below /proc/PID/root
   * @param points at least one, each the first byte of an instruction: what is not one crashes the
   *     programs that run it
   * @param atReturn whether the program runs when the functions that begin at the points return
   * @return to be closed by the caller, also when this object is
   * @throws BpfException when the kernel refuses
   */
  public UprobeLink attachUprobes(
      String program, Path file, List<UprobePoint> points, boolean atReturn) throws BpfException {
    String named = name + ": " + program;
    Pointer handle = program(program);
    return uprobes.orElseThrow() == UprobeMechanism.MULTI
        ? UprobeLink.multi(named, library.bpf().bpf_program__fd(handle), file, points, atReturn)
        : UprobeLink.perfEvents(named, library, handle, file, points, atReturn);
  }

  private BpfLink link(String program, Pointer handle) throws BpfException {
    if (handle == null) {
      throw new BpfException(
          String.format(
              "%s: %s cannot be attached (errno %d): %s",
              name, program, library.errno(), library.takeMessages().strip()));
    }
    BpfLink link = new BpfLink(library, program, handle);
    links.add(link);
    return link;
  }

  private Pointer program(String program) throws BpfException {
    Pointer handle = library.bpf().bpf_object__find_program_by_name(object, program);
    if (handle == null) {
      throw new BpfException(name + " has no program " + program);
    }
    return handle;
  }

  /**
   * How often the kernel skipped one of the programs because it was running on that CPU already.
   */
  public long missedRuns() {
    long missed = 0;
    for (Pointer p = library.bpf().bpf_object__next_program(object, null);
        p != null;
        p = library.bpf().bpf_object__next_program(object, p)) {
      missed += ProgramInfo.recursionMisses(library, library.bpf().bpf_program__fd(p));
    }
    return missed;
  }

  @Override
  public void close() {
    links.forEach(BpfLink::close);
    links.clear();
    library.bpf().bpf_object__close(object);
  }
}
