package io.sonde.probes.probe.files;

import io.sonde.probes.BoundedMap;
import io.sonde.probes.bpf.PinnedFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The TLS libraries of a system, hooked before the programs map them that have just been started.
 * For one thread.
 */
final class StandardLibraries {
  private static final Logger LOG = Logger.getLogger(StandardLibraries.class.getName());

  /** How long a program that was started may take to map a library of its system. */
  private static final long EXPECTED_NS = Duration.ofSeconds(31).toNanos();

  private static final long KEPT_NS = Duration.ofSeconds(5).toNanos();
  private static final int MAX_REMEMBERED = 256;

  /** A user of files that stands for those to come; no process has this number. */
  private static final int PROGRAMS_TO_COME = 0;

  private static final Set<Subject> TLS = Set.of(Subject.TLS);

  private final HookedFiles files;
  private final Map<String, Found> found = BoundedMap.byAge(MAX_REMEMBERED);
  private boolean expectsPrograms;

  /**
   * What is in the standard folders of a container, or the host, as long as that is taken for true;
   * not longer than a file lingers that it names.
   */
  private record Found(List<FileIdentity> files, long until) {}

  StandardLibraries(HookedFiles files) {
    this.files = files;
  }

  /** The process may map those of its system soon. */
  void expect(int pid) throws IOException {
    long now = System.nanoTime();
    String where = Candidate.whereStandardLibrariesAre(pid);
    Found known = found.get(where);
    if (known == null || known.until - now < 0) {
      known = new Found(find(pid), now + KEPT_NS);
      found.put(where, known);
    }
    known.files.forEach(
        file -> files.of(file).forEach(hook -> hook.expect(pid, now + EXPECTED_NS)));
  }

  private List<FileIdentity> find(int pid) {
    List<FileIdentity> libraries = new ArrayList<>();
    for (Candidate candidate : Candidate.standardLibraries(pid)) {
      try (PinnedFile file = candidate.opening().open()) {
        libraries.add(files.hook(file, candidate.path(), TLS).file());
      } catch (NoSuchFileException e) {
        // most are not there
      } catch (IOException e) {
        LOG.log(Level.FINE, candidate.path(), e);
      }
    }
    return libraries;
  }

  /** See {@link FileTracking#expectPrograms}. */
  void expectPrograms(boolean expected) {
    expectsPrograms = expected;
    files.leave(PROGRAMS_TO_COME);
    if (expected) {
      for (Candidate candidate : Candidate.hostLibraries()) {
        try (PinnedFile file = candidate.opening().open()) {
          if (files.analyse(file).plans().stream().allMatch(AttachPlan::isCheap)) {
            files
                .hook(file, candidate.path(), TLS)
                .hooks()
                .forEach(hook -> hook.use(PROGRAMS_TO_COME));
          }
        } catch (NoSuchFileException e) {
          // most are not there
        } catch (IOException e) {
          LOG.log(Level.FINE, candidate.path(), e);
        }
      }
    }
  }

  /** After an upgrade of the host's libraries they are others. */
  void lookAgain() {
    expectPrograms(expectsPrograms);
  }
}
