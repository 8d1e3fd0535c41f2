package io.sonde.probes.probe.go;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.CaptureCounter;
import io.sonde.contract.RecordLayout;
import io.sonde.probes.probe.CapturedRecord.GoTold;
import io.sonde.probes.probe.CapturedRecord.GoTold.Ancestor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GoCallsTest extends GoKit {
  private static final int OTHERS = 5;

  @ParameterizedTest
  @EnumSource
  void aRequestIsItsCallersWhoeverWritesIt(Toolchain toolchain) throws Exception {
    observe(toolchain.build("calls"), backend());

    assertThat(get("/same/")).isEqualTo(200);
    long server = Long.parseLong(awaitLine("serves same "));
    GoTold told = awaitTold(RecordLayout.GoAct.CALLS, 1).get(0);

    assertThat(told.stream()).isZero();
    assertThat(told.goroutine()).as("net/http's own writes").isNotIn(0L, server);
    assertThat(told.ancestors().get(0).id()).isEqualTo(server);
    assertThat(told.ancestors().get(0).createdNs()).isBetween(1L, System.nanoTime());
  }

  @ParameterizedTest
  @EnumSource
  void aCallersAncestorsAreKnownToTheOneThatServes(Toolchain toolchain) throws Exception {
    observe(toolchain.build("calls"), backend());
    long before = System.nanoTime();

    assertThat(get("/others/")).isEqualTo(200);
    long server = Long.parseLong(awaitLine("serves others "));
    Set<Long> callers = new HashSet<>();
    for (int i = 0; i < OTHERS; i++) {
      callers.add(Long.parseLong(awaitLine("calls others ")));
    }
    List<GoTold> told = awaitTold(RecordLayout.GoAct.CALLS, OTHERS);

    assertThat(told).extracting(t -> t.ancestors().get(0).id()).hasSameElementsAs(callers);
    assertThat(told)
        .allSatisfy(
            t -> {
              assertThat(t.ancestors()).hasSizeGreaterThanOrEqualTo(3);
              assertThat(t.ancestors().get(2).id()).isEqualTo(server);
              assertThat(t.ancestors().subList(0, 2))
                  .extracting(Ancestor::createdNs)
                  .allSatisfy(at -> assertThat(at).isBetween(before, System.nanoTime()));
            });
    assertThat(context.map("counters").perCpuSum(CaptureCounter.GO_CONTRADICTIONS.index()))
        .isZero();
  }
}
