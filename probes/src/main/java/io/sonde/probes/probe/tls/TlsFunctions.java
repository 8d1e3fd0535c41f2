package io.sonde.probes.probe.tls;

import io.sonde.probes.elf.ElfFile;
import java.io.IOException;
import java.util.Optional;

/** Knows one kind of TLS library. Called on a thread of its own, which it may hold for a while. */
public interface TlsFunctions {
  /**
   * Where to attach to this file.
   *
   * @return empty when it has no functions of this kind
   * @throws UnreadableTlsException when it has, but cannot be attached to
   */
  Optional<AttachPlan> find(ElfFile file) throws IOException, UnreadableTlsException;
}
