package io.sonde.probes.probe.go;

import static java.util.Map.entry;

import io.sonde.probes.elf.go.Release;
import io.sonde.probes.probe.files.GoroutineOffsets;
import java.util.Map;
import java.util.Optional;

/**
 * Where releases of Go keep what tells goroutines apart, on x86-64: {@code type g struct} and
 * {@code type m struct} of {@code src/runtime/runtime2.go}. {@code goid} is behind {@code sched
 * gobuf}, which lost {@code ret} in 1.25, and {@code syscallbp}, which came in 1.23; {@code
 * parentGoid} came in 1.21. Tests compare the table with the debugging information that the
 * compiler of each release makes; in the kernel a parent is believed when {@code m.curg} agrees.
 */
final class GoRuntime {
  private static final GoroutineOffsets GO_1_17 = new GoroutineOffsets(0, 152, -1, 192);
  private static final GoroutineOffsets GO_1_21 = new GoroutineOffsets(0, 152, 272, 192);
  private static final GoroutineOffsets GO_1_23 = new GoroutineOffsets(0, 160, 280, 192);
  private static final GoroutineOffsets GO_1_25 = new GoroutineOffsets(0, 152, 272, 184);
  private static final GoroutineOffsets GO_1_26 = new GoroutineOffsets(0, 152, 280, 184);

  private static final Map<Integer, GoroutineOffsets> BY_MINOR =
      Map.ofEntries(
          entry(17, GO_1_17),
          entry(18, GO_1_17),
          entry(19, GO_1_17),
          entry(20, GO_1_17),
          entry(21, GO_1_21),
          entry(22, GO_1_21),
          entry(23, GO_1_23),
          entry(24, GO_1_23),
          entry(25, GO_1_25),
          entry(26, GO_1_26),
          entry(27, GO_1_26));

  private GoRuntime() {}

  /**
   * Empty for a release that is not known.
   *
   * @param g of the running goroutine's address, from the thread's fs base; 0: not known
   */
  static Optional<GoroutineOffsets> offsets(Release release, int g) {
    return Optional.ofNullable(release.major() == 1 ? BY_MINOR.get(release.minor()) : null)
        .map(known -> new GoroutineOffsets(g, known.goid(), known.parent(), known.curg()));
  }
}
