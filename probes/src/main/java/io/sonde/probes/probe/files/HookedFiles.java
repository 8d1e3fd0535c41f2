package io.sonde.probes.probe.files;

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
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** All files that are attached to. One that cannot be costs nothing but itself. For one thread. */
final class HookedFiles implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(HookedFiles.class.getName());

  /** As many as have numbers in the kernel, TLS_MAX_LIBRARIES and GO_MAX_FILES. */
  private static final int MAX_NUMBERS = 1024;

  private static final int MAX_REFUSED = 1024;

  /** Words of {@code struct tls_hits}: calls of selected processes, and of others. */
  private static final int HITS_WORDS = 2;

  private final Map<String, BpfObject> programs;
  private final Map<Subject, BpfMap> hits;
  private final FileAnalyzer analyzer;
  private final Map<FileIdentity, List<HookedFile>> hooked = new LinkedHashMap<>();
  private final BitSet numbers = new BitSet();

  /** Why what a file has cannot be attached to, so that it is tried and told once. */
  private final Map<Tried, String> refused = BoundedMap.byAge(MAX_REFUSED);

  private record Tried(FileIdentity.State state, String library) {}

  /**
   * @param programs loaded, by the names of their functions
   * @param hits the maps of hits of what is looked for
   */
  HookedFiles(
      Map<String, BpfObject> programs, Map<Subject, BpfMap> hits, List<HookFinder> finders) {
    this.programs = Map.copyOf(programs);
    this.hits = Map.copyOf(hits);
    this.analyzer = new FileAnalyzer(finders);
  }

  /**
   * What there is in a file.
   *
   * @param hooks one for each kind of library that is in it; empty when none is, or refusals say
   *     more
   */
  record Found(
      FileIdentity file, Analysis analysis, List<HookedFile> hooks, List<Refusal> refusals) {
    /** Why something cannot be read; empty when there is nothing to say. */
    String why() {
      return refusals.stream().map(Refusal::why).collect(Collectors.joining("; "));
    }
  }

  /** Attaches to the file if there is something to attach to and that is not done yet. */
  Found hook(PinnedFile file, String path, Set<Subject> wanted) throws IOException {
    FileIdentity identity = FileIdentity.of(file);
    Analysis analysis = analyzer.analyse(file, identity);
    List<HookedFile> hooks = new ArrayList<>();
    List<Refusal> refusals =
        new ArrayList<>(
            analysis.refusals().stream()
                .filter(refusal -> wanted.contains(refusal.subject()))
                .toList());
    for (AttachPlan plan : analysis.plans()) {
      if (wanted.contains(plan.subject())) {
        try {
          hooks.add(hook(file, path, identity, analysis, plan));
        } catch (BpfException e) {
          refusals.add(new Refusal(plan.subject(), e.getMessage()));
        }
      }
    }
    return new Found(identity, analysis, hooks, refusals);
  }

  private HookedFile hook(
      PinnedFile file, String path, FileIdentity identity, Analysis analysis, AttachPlan plan)
      throws IOException, BpfException {
    Optional<HookedFile> known =
        hooked.getOrDefault(identity, List.of()).stream()
            .filter(hook -> hook.library().equals(plan.library()))
            .findFirst();
    if (known.isPresent()) {
      return known.get();
    }
    Tried tried = new Tried(identity.state(file), plan.library());
    String before = refused.get(tried);
    if (before != null) {
      throw new BpfException(before);
    }
    try {
      HookedFile hook = attach(file, path, analysis.buildId(), plan);
      hooked.computeIfAbsent(identity, any -> new ArrayList<>()).add(hook);
      return hook;
    } catch (BpfException e) {
      refused.put(tried, e.getMessage());
      LOG.warning(
          () ->
              path
                  + " is not hooked, so its "
                  + plan.library()
                  + " is not read: "
                  + e.getMessage());
      throw e;
    }
  }

  /** What there is in a file, without attaching to it. */
  Analysis analyse(PinnedFile file) throws IOException {
    return analyzer.analyse(file, FileIdentity.of(file));
  }

  private HookedFile attach(PinnedFile file, String path, String buildId, AttachPlan plan)
      throws BpfException {
    int number = numbers.nextClearBit(0);
    if (number >= MAX_NUMBERS) {
      throw new BpfException("more than " + MAX_NUMBERS + " libraries are in use");
    }
    HookedFile hook = new HookedFile(path, plan, number);
    hook.attach(file, programs);
    numbers.set(number);
    LOG.info(
        () ->
            "hooked %s, build id %s, %s"
                .formatted(path, buildId.isEmpty() ? "unknown" : buildId, hook.description()));
    plan.missing().forEach(why -> LOG.info(() -> path + ": " + why));
    return hook;
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
      hooks.removeIf(
          hook -> {
            boolean unused = hook.isUnused(now, lingeringNs);
            if (unused) {
              detach(hook);
              LOG.info(
                  () ->
                      "left %s of %s, which no observed process uses any more"
                          .formatted(hook.library(), hook.path()));
            }
            return unused;
          });
      if (hooks.isEmpty()) {
        i.remove();
      }
    }
  }

  /** As a part of a sentence. */
  String describe(HookedFile hook) {
    try {
      long[] sums = hits.get(hook.subject()).perCpuSums(hook.number(), HITS_WORDS);
      return "%d calls so far, and %d by programs that are not observed; %s"
          .formatted(sums[0], sums[1], hook.description());
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
