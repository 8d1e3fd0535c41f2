package io.sonde.probes.probe.files;

import io.sonde.probes.elf.x86.Price;
import java.util.List;
import java.util.Optional;

/**
 * Where to attach to a file.
 *
 * @param library what the functions belong to, as in messages: {@code OpenSSL}, {@code crypto/tls}
 * @param kind who calls them
 * @param hooks at least one
 * @param goroutines how to tell them apart, of a Go program
 * @param missing what else the file has, but is not attached to, each a part of a sentence that
 *     says why
 */
public record AttachPlan(
    String library,
    Kind kind,
    List<Hook> hooks,
    Optional<GoroutineOffsets> goroutines,
    List<String> missing) {
  /** With the bits of struct tls_process. */
  public enum Kind {
    /** TLS; a call is a thread's. */
    C(Subject.TLS, 1),
    /** TLS; a call is a goroutine's. */
    GO(Subject.TLS, 2),
    /** What goroutines do. */
    GOROUTINES(Subject.GOROUTINES, 0);

    private final Subject subject;
    private final int bit;

    Kind(Subject subject, int bit) {
      this.subject = subject;
      this.bit = bit;
    }

    Subject subject() {
      return subject;
    }

    int bit() {
      return bit;
    }
  }

  public AttachPlan {
    hooks = List.copyOf(hooks);
    missing = List.copyOf(missing);
  }

  /** One that misses nothing. */
  public AttachPlan(String library, Kind kind, List<Hook> hooks) {
    this(library, kind, hooks, Optional.empty(), List.of());
  }

  Subject subject() {
    return kind.subject();
  }

  /** Whether no hook is single-stepped, so that others who run into them hardly notice. */
  boolean isCheap() {
    return hooks.stream().allMatch(hook -> hook.price() == Price.EMULATED);
  }
}
