package io.sonde.probes.probe.files;

import io.sonde.probes.bpf.BpfMap;
import java.util.Collection;
import java.util.Optional;

/**
 * What the kernel's programs know of processes that use hooked files: by {@code tls_processes} and
 * {@code go_processes}. For one thread.
 */
final class KernelProcesses {
  /** TLS_OFF of tls_functions.bpf.h. */
  private static final long OFF = 4;

  private final BpfMap tls;
  private final BpfMap goroutines;

  KernelProcesses(BpfMap tls, BpfMap goroutines) {
    this.tls = tls;
    this.goroutines = goroutines;
  }

  /**
   * From now on.
   *
   * @param wantsTls whether its TLS is to be read, if that can be
   * @param offsets when it is a Go program whose goroutines can be told apart
   */
  void tell(
      int pid, Collection<HookedFile> hooks, boolean wantsTls, Optional<GoroutineOffsets> offsets) {
    tellTls(pid, hooks, wantsTls);
    if (offsets.isEmpty()) {
      goroutines.remove(pid);
    } else if (offsets.get().g() != 0) {
      goroutines.put(pid, offsets.get().image(), BpfMap.Update.ANY);
    } else {
      // what a program in its functions has found since stays
      goroutines.put(pid, offsets.get().image(), BpfMap.Update.IF_ABSENT);
    }
  }

  private void tellTls(int pid, Collection<HookedFile> hooks, boolean wanted) {
    if (!wanted) {
      tls.putLong(pid, OFF, BpfMap.Update.ANY);
      return;
    }
    long kinds = 0;
    for (HookedFile hook : hooks) {
      kinds |= hook.kind().bit();
    }
    // what was learnt meanwhile in the kernel stays, in the upper half
    long known = tls.getLong(pid, 0);
    long now = known & ~OFF | kinds;
    if (now != known) {
      tls.putLong(pid, now, BpfMap.Update.ANY);
    }
  }

  /** It has ended, or is not observed any more. */
  void left(int pid) {
    tls.remove(pid);
    goroutines.remove(pid);
  }
}
