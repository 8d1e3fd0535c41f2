package io.sonde.probes.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UprobeLinkTest {
  private static final int ADD = 7;
  private static final int NEGATE = 8;

  @TempDir Path folder;
  private Path program;
  private long add;
  private long negate;

  @BeforeEach
  void compile() throws Exception {
    assumeTrue(
        Files.exists(Path.of("/sys/kernel/btf/vmlinux"))
            && "root".equals(System.getProperty("user.name")),
        "uprobes need root and a kernel with BTF");
    Path source =
        Files.writeString(
            folder.resolve("calls.c"),
            """
            #include <stdlib.h>
            __attribute__((noinline, noipa)) int add(int a, int b) { return a + b; }
            __attribute__((noinline, noipa)) int negate(int a) { return -a; }
            int main(int argc, char **argv) {
              int sum = 0;
              for (int i = 0; i < atoi(argv[1]); i++) sum = add(sum, negate(add(i, 1)));
              return sum > 0;
            }
            """);
    program = folder.resolve("calls");
    Run.output("cc", "-O1", "-o", program.toString(), source.toString());
    try (ElfFile file = ElfFile.open(program)) {
      var functions = file.functions(Set.of("add", "negate"));
      add = file.codeOffsetOf(functions.get("add").address()).getAsLong();
      negate = file.codeOffsetOf(functions.get("negate").address()).getAsLong();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyCallAndEveryReturnIsAHit(UprobeMechanism mechanism) throws Exception {
    List<UprobePoint> points = List.of(new UprobePoint(add, ADD), new UprobePoint(negate, NEGATE));
    try (HitCounter counter = new HitCounter(Optional.of(mechanism))) {
      UprobeLink calls = counter.object().attachUprobes("on_call", program, points, false);
      UprobeLink returns = counter.object().attachUprobes("on_return", program, points, true);
      run(23);

      assertThat(Map.of("calls", counter.calls(ADD), "returns", counter.returns(ADD)))
          .isEqualTo(Map.of("calls", 46, "returns", 46));
      assertThat(counter.calls(NEGATE)).isEqualTo(23);
      assertThat(counter.returns(NEGATE)).isEqualTo(23);

      calls.close();
      run(5);
      assertThat(counter.calls(NEGATE)).isEqualTo(23);
      assertThat(counter.returns(NEGATE)).isEqualTo(28);

      returns.close();
      run(5);
      assertThat(counter.returns(NEGATE)).isEqualTo(28);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsAttachedWhenOnePointCannotBe(UprobeMechanism mechanism) throws Exception {
    List<UprobePoint> points =
        List.of(new UprobePoint(add, ADD), new UprobePoint(1L << 40, NEGATE));
    try (HitCounter counter = new HitCounter(Optional.of(mechanism))) {
      assertThatThrownBy(() -> counter.object().attachUprobes("on_call", program, points, false))
          .isInstanceOf(BpfException.class)
          .hasMessageContaining("on_call cannot be attached to " + program)
          .hasMessageContaining("10000000000");

      run(23);
      assertThat(counter.calls(ADD)).isZero();
    }
  }

  @Test
  void aFileCanBeAttachedToAgainAfterItWasLeft() throws Exception {
    List<UprobePoint> points = List.of(new UprobePoint(add, ADD));
    try (HitCounter counter = new HitCounter(Optional.empty())) {
      for (int i = 0; i < 3; i++) {
        UprobeLink link = counter.object().attachUprobes("on_call", program, points, false);
        run(1);
        link.close();
      }
      assertThat(counter.calls(ADD)).isEqualTo(6);
    }
  }

  @Test
  void aKernelThatHasOneLinkForManyPointsIsToldFromOthers() throws Exception {
    String[] release = System.getProperty("os.version").split("[.-]");
    int version = Integer.parseInt(release[0]) * 1000 + Integer.parseInt(release[1]);
    assertThat(UprobeMechanism.best())
        .isEqualTo(version >= 6_006 ? UprobeMechanism.MULTI : UprobeMechanism.PERF_EVENT);
  }

  private void run(int times) throws Exception {
    Run.output(program.toString(), Integer.toString(times));
  }
}
