package io.sonde.probes.probe.files;

import io.sonde.probes.elf.ElfFile;
import java.io.IOException;
import java.util.Optional;

/**
 * Knows one kind of library or program. Called on a thread of its own, which it may hold for a
 * while.
 */
public interface HookFinder {
  /** What its plans are for. */
  default Subject subject() {
    return Subject.TLS;
  }

  /**
   * Where to attach to this file.
   *
   * @return empty when it has no functions of this kind
   * @throws UnreadableFileException when it has, but cannot be attached to
   */
  Optional<AttachPlan> find(ElfFile file) throws IOException, UnreadableFileException;
}
