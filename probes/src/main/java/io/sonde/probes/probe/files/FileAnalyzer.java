package io.sonde.probes.probe.files;

import io.sonde.probes.BoundedMap;
import io.sonde.probes.bpf.PinnedFile;
import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for what there is to attach to in files, and remembers its latest answers: by the file and
 * its state, not by the build id, which a file may have taken from another one. For one thread.
 */
final class FileAnalyzer {
  private static final int MAX_REMEMBERED = 1024;

  private final List<HookFinder> kinds;
  private final Map<FileIdentity.State, Analysis> remembered = BoundedMap.byUse(MAX_REMEMBERED);

  FileAnalyzer(List<HookFinder> kinds) {
    this.kinds = List.copyOf(kinds);
  }

  /**
   * @throws IOException when it cannot be read
   */
  Analysis analyse(PinnedFile file, FileIdentity identity) throws IOException {
    FileIdentity.State state = identity.state(file);
    Analysis known = remembered.get(state);
    if (known == null) {
      known = look(file);
      remembered.put(state, known);
    }
    return known;
  }

  private Analysis look(PinnedFile pinned) throws IOException {
    try (ElfFile file = ElfFile.open(pinned.path())) {
      List<AttachPlan> plans = new ArrayList<>();
      List<Refusal> refusals = new ArrayList<>();
      for (HookFinder kind : kinds) {
        try {
          Optional<AttachPlan> plan = kind.find(file);
          plan.ifPresent(plans::add);
        } catch (UnreadableFileException e) {
          refusals.add(new Refusal(kind.subject(), e.getMessage()));
        }
      }
      boolean dynamic =
          file.segments().stream().anyMatch(segment -> segment.type() == Segment.INTERPRETER);
      return new Analysis(file.buildId().orElse(""), dynamic, plans, refusals);
    }
  }
}
