package io.sonde.probes.probe.go;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.x86.Price;
import io.sonde.probes.probe.Settings;
import io.sonde.probes.probe.files.AttachPlan;
import io.sonde.probes.probe.files.Hook;
import io.sonde.probes.probe.files.HookFinder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GoHooksTest {
  private static final int PUSH_RBP = 0x55;
  private static final int JBE_NEAR = 0x76;
  private static final int JBE_FAR = 0x0f;
  private static final int CALL = 0xe8;

  /** What the kernel single-steps would cost many times as much. */
  @ParameterizedTest
  @EnumSource
  void everyPlaceIsAnInstructionThatTheKernelEmulates(Toolchain toolchain) throws Exception {
    Path program = toolchain.build("calls");
    try (ElfFile file = ElfFile.open(program)) {
      AttachPlan plan = finder(true).find(file).orElseThrow();
      assertThat(plan.hooks())
          .extracting(Hook::name)
          .contains(
              "runtime.newproc.func1",
              "http.(*persistConn).roundTrip",
              "http.persistConnWriter.Write",
              toolchain.name().startsWith("GO_1_27")
                  ? "http2.(*serverConn).runHandler"
                  : "http.(*http2serverConn).runHandler")
          .doesNotHaveDuplicates();
      assertThat(plan.missing()).allMatch(why -> why.startsWith("routes of its ServeMux are not"));
      for (Hook hook : plan.hooks()) {
        assertThat(file.read(hook.offset(), 1).get(0) & 0xff)
            .as(hook.name())
            .isIn(PUSH_RBP, JBE_NEAR, JBE_FAR, CALL);
        assertThat(hook.price()).isEqualTo(Price.EMULATED);
        assertThat(hook.atReturn()).isFalse();
      }
    }
  }

  @Test
  void routesAreLeftOutWhereTheyAreNotWanted() throws Exception {
    try (ElfFile file = ElfFile.open(Toolchain.LATEST.build("calls"))) {
      String mux = "http.(*ServeMux).ServeHTTP";
      List<Hook> all = finder(true).find(file).orElseThrow().hooks();
      List<Hook> some = finder(false).find(file).orElseThrow().hooks();
      assertThat(all).extracting(Hook::name).contains(mux);
      assertThat(some).extracting(Hook::name).doesNotContain(mux);
      assertThat(all).containsAll(some);
    }
  }

  @Test
  void whatGoDidNotMakeHasNone() throws Exception {
    try (ElfFile file = ElfFile.open(Path.of("/proc/self/exe"))) {
      assertThat(finder(true).find(file)).isEmpty();
    }
  }

  @Test
  void aCaptureThatIsToldToLeavesGoAlone() {
    assertThat(new GoProbe().isWanted(settings(false, true))).isFalse();
    assertThat(new GoProbe().isWanted(settings(true, false))).isTrue();
  }

  private static HookFinder finder(boolean routes) {
    return new GoProbe().finders(settings(true, routes)).get(0);
  }

  private static Settings settings(boolean goroutines, boolean routes) {
    return new Settings(4096, 1024, 1000, false, 1, 100, false, goroutines, routes);
  }
}
