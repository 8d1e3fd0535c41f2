package io.sonde.probes.probe.tls;

import io.sonde.probes.elf.x86.Price;
import java.util.List;

/**
 * Where to attach to a file.
 *
 * @param library what the functions belong to, as in messages: {@code OpenSSL}, {@code crypto/tls}
 * @param kind who calls them
 * @param hooks at least one
 */
public record AttachPlan(String library, Kind kind, List<TlsHook> hooks) {
  /** Bits of struct tls_process. */
  public enum Kind {
    /** A call is a thread's. */
    C(1),
    /** A call is a goroutine's. */
    GO(2);

    private final int bit;

    Kind(int bit) {
      this.bit = bit;
    }

    int bit() {
      return bit;
    }
  }

  public AttachPlan {
    hooks = List.copyOf(hooks);
  }

  /** Whether no hook is single-stepped, so that others who run into them hardly notice. */
  boolean isCheap() {
    return hooks.stream().allMatch(hook -> hook.price() == Price.EMULATED);
  }
}
