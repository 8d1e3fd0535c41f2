package io.sonde.probes.probe.tls;

import io.sonde.probes.BoundedMap;
import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfMap;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.bpf.PinnedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** All files that are attached to. One that cannot be costs nothing but itself. For one thread. */
final class HookedFiles implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(HookedFiles.class.getName());

  /** As many as have numbers in the kernel, TLS_MAX_LIBRARIES. */
  private static final int MAX_NUMBERS = 1024;

  private static final int MAX_REFUSED = 1024;

  /** Words of {@code struct tls_hits}: calls of selected processes, and of others. */
  private static final int HITS_WORDS = 2;

  private final Map<String, BpfObject> programs;
  private final BpfMap hits;
  private final FileAnalyzer analyzer;
  private final Map<FileIdentity, List<HookedFile>> hooked = new LinkedHashMap<>();
  private final BitSet numbers = new BitSet();

  /** Why a file that has TLS cannot be attached to, so that it is tried and told once. */
  private final Map<FileIdentity.State, String> refused = BoundedMap.byAge(MAX_REFUSED);

  /**
   * @param programs loaded, by the names of their functions
   * @param hits the map {@code tls_libraries}
   */
  HookedFiles(Map<String, BpfObject> programs, BpfMap hits, List<TlsFunctions> kinds) {
    this.programs = Map.copyOf(programs);
    this.hits = hits;
    this.analyzer = new FileAnalyzer(kinds);
  }

  /**
   * What there is of TLS in a file.
   *
   * @param hooks one for each kind of library that is in it; empty when none is, or why says more
   * @param why it cannot be read, empty when there is nothing to say
   */
  record Found(FileIdentity file, Analysis analysis, List<HookedFile> hooks, String why) {}

  /** Attaches to the file if there is something to attach to and that is not done yet. */
  Found hook(PinnedFile file, String path) throws IOException {
    FileIdentity identity = FileIdentity.of(file);
    Analysis analysis = analyzer.analyse(file, identity);
    List<HookedFile> known = hooked.get(identity);
    if (known != null) {
      return new Found(identity, analysis, known, analysis.unreadable());
    }
    FileIdentity.State state = identity.state(file);
    String why = refused.getOrDefault(state, analysis.unreadable());
    if (analysis.plans().isEmpty() || refused.containsKey(state)) {
      return new Found(identity, analysis, List.of(), why);
    }
    try {
      List<HookedFile> hooks = attach(file, path, analysis);
      hooked.put(identity, hooks);
      return new Found(identity, analysis, hooks, why);
    } catch (BpfException e) {
      refused.put(state, e.getMessage());
      LOG.warning(() -> path + " is not hooked, so its TLS is not read: " + e.getMessage());
      return new Found(identity, analysis, List.of(), e.getMessage());
    }
  }

  /** What there is of TLS in a file, without attaching to it. */
  Analysis analyse(PinnedFile file) throws IOException {
    return analyzer.analyse(file, FileIdentity.of(file));
  }

  private List<HookedFile> attach(PinnedFile file, String path, Analysis analysis)
      throws BpfException {
    List<HookedFile> hooks = new ArrayList<>();
    try {
      for (AttachPlan plan : analysis.plans()) {
        int number = numbers.nextClearBit(0);
        if (number >= MAX_NUMBERS) {
          throw new BpfException("more than " + MAX_NUMBERS + " libraries are in use");
        }
        HookedFile hook = new HookedFile(path, plan, number);
        hook.attach(file, programs);
        numbers.set(number);
        hooks.add(hook);
        LOG.info(
            () ->
                "hooked %s, build id %s, %s"
                    .formatted(
                        path,
                        analysis.buildId().isEmpty() ? "unknown" : analysis.buildId(),
                        hook.description()));
      }
      return List.copyOf(hooks);
    } catch (BpfException e) {
      hooks.forEach(this::detach);
      throw e;
    }
  }

  /** Nothing when it is not attached to. */
  List<HookedFile> of(FileIdentity file) {
    return hooked.getOrDefault(file, List.of());
  }

  /** A process uses none of them any more. */
  void leave(int pid) {
    hooked.values().forEach(hooks -> hooks.forEach(hook -> hook.leave(pid)));
  }

  /** Detaches from files that nobody has used for so long. */
  void leaveUnused(long now, long lingeringNs) {
    for (Iterator<List<HookedFile>> i = hooked.values().iterator(); i.hasNext(); ) {
      List<HookedFile> hooks = i.next();
      // all of them, since this also forgets users that did not come
      if (hooks.stream().filter(hook -> !hook.isUnused(now, lingeringNs)).count() == 0) {
        i.remove();
        hooks.forEach(
            hook -> {
              detach(hook);
              LOG.info(() -> "left " + hook.path() + ", which no observed process uses any more");
            });
      }
    }
  }

  /** As a part of a sentence. */
  String describe(HookedFile hook) {
    try {
      long[] sums = hits.perCpuSums(hook.number(), HITS_WORDS);
      return "%s; so far %d calls, and %d by programs that are not observed"
          .formatted(hook.description(), sums[0], sums[1]);
    } catch (BpfException e) {
      LOG.log(Level.FINE, "hits", e);
      return hook.description();
    }
  }

  private void detach(HookedFile hook) {
    hook.close();
    numbers.clear(hook.number());
  }

  @Override
  public void close() {
    hooked.values().forEach(hooks -> hooks.forEach(this::detach));
    hooked.clear();
  }
}
