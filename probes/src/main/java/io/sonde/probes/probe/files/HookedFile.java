package io.sonde.probes.probe.files;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.bpf.PinnedFile;
import io.sonde.probes.bpf.UprobeLink;
import io.sonde.probes.bpf.UprobePoint;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A file that is attached to, once, however many processes map it. For one thread. */
final class HookedFile implements AutoCloseable {
  /** Of a user that maps it: until that is known to have changed. */
  private static final long ALWAYS = Long.MAX_VALUE;

  private final String path;
  private final AttachPlan plan;
  private final int number;
  private final Deque<UprobeLink> links = new ArrayDeque<>();

  /** Processes that map it, or may do so until that time. */
  private final Map<Integer, Long> users = new HashMap<>();

  private long usedUntil = System.nanoTime();

  /**
   * Not attached to yet.
   *
   * @param path as in messages
   * @param number of the library in the map of hits
   */
  HookedFile(String path, AttachPlan plan, int number) {
    this.path = path;
    this.plan = plan;
    this.number = number;
  }

  /**
   * Attaches at all places of the plan or none.
   *
   * @param programs by their names
   * @throws BpfException when a program is missing or the kernel refuses
   */
  void attach(PinnedFile file, Map<String, BpfObject> programs) throws BpfException {
    // returns before entries: a call that is seen to begin is seen to end
    Map<String, List<Hook>> byProgram =
        plan.hooks().stream()
            .sorted(Comparator.comparing(hook -> !hook.atReturn()))
            .collect(Collectors.groupingBy(Hook::program, LinkedHashMap::new, Collectors.toList()));
    try {
      for (Map.Entry<String, List<Hook>> entry : byProgram.entrySet()) {
        attach(file, entry.getKey(), entry.getValue(), programs.get(entry.getKey()));
      }
    } catch (BpfException e) {
      close();
      throw e;
    }
  }

  private void attach(PinnedFile file, String program, List<Hook> hooks, BpfObject object)
      throws BpfException {
    if (object == null) {
      throw new BpfException("its program " + program + " is not loaded");
    }
    List<UprobePoint> points =
        hooks.stream()
            .map(hook -> new UprobePoint(hook.offset(), hook.attachCookie(number)))
            .toList();
    boolean atReturn = hooks.get(0).atReturn();
    links.push(object.attachUprobes(program, file.path(), points, atReturn));
  }

  String path() {
    return path;
  }

  int number() {
    return number;
  }

  String library() {
    return plan.library();
  }

  AttachPlan.Kind kind() {
    return plan.kind();
  }

  Subject subject() {
    return plan.subject();
  }

  /** What it misses, each a part of a sentence. */
  List<String> missing() {
    return plan.missing();
  }

  /** As in messages: what, where and at which price. */
  String description() {
    return plan.library()
        + ": "
        + plan.hooks().stream()
            .filter(hook -> !hook.atReturn())
            .map(hook -> hook.name() + " " + hook.price().word())
            .sorted()
            .distinct()
            .collect(Collectors.joining(", "));
  }

  void use(int pid) {
    users.put(pid, ALWAYS);
  }

  /** It may map it soon, as a program does that has just been started. */
  void expect(int pid, long until) {
    users.putIfAbsent(pid, until);
  }

  void leave(int pid) {
    if (users.remove(pid) != null) {
      usedUntil = System.nanoTime();
    }
  }

  /** Whether nobody has used it for so long. */
  boolean isUnused(long now, long lingeringNs) {
    users.values().removeIf(until -> until != ALWAYS && until - now < 0);
    return users.isEmpty() && now - usedUntil >= lingeringNs;
  }

  /** Detaches: takes milliseconds. */
  @Override
  public void close() {
    // the latest first, which are entries: a call that has begun may still end
    while (!links.isEmpty()) {
      links.pop().close();
    }
  }
}
