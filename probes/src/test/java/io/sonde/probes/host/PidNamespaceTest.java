package io.sonde.probes.host;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidNamespaceTest {
  private static final String INITIAL = "pid:[4026531836]";

  @TempDir Path proc;

  @Test
  void onTheHostAllIsWell() throws IOException {
    process("123", INITIAL);
    assertThatCode(() -> PidNamespace.requireInitial(proc, 123)).doesNotThrowAnyException();
  }

  @Test
  void aKernelWithoutPidNamespacesIsAHost() throws IOException {
    process("123", null);
    assertThatCode(() -> PidNamespace.requireInitial(proc, 123)).doesNotThrowAnyException();
  }

  @Test
  void aContainerWithItsOwnPidNamespaceIsRefusedWithTheRemedy() throws IOException {
    process("7", "pid:[4026532198]");
    assertThatThrownBy(() -> PidNamespace.requireInitial(proc, 7))
        .isInstanceOf(UnfitHostException.class)
        .hasMessageContaining("pid:[4026532198]")
        .hasMessageContaining("hostPID: true");
  }

  @Test
  void aProcOfAnotherNamespaceIsRefused() throws IOException {
    process("7", INITIAL);
    assertThatThrownBy(() -> PidNamespace.requireInitial(proc, 123))
        .hasMessageContaining("we are process 123, /proc/self is '7'");
  }

  @Test
  void aProcInWhichWeAreNotIsRefused() {
    assertThatThrownBy(() -> PidNamespace.requireInitial(proc, 123))
        .hasMessageContaining("/proc/self is ''");
  }

  private void process(String pid, String namespace) throws IOException {
    Path directory = Files.createDirectories(proc.resolve(pid + "/ns"));
    if (namespace != null) {
      Files.createSymbolicLink(directory.resolve("pid"), Path.of(namespace));
    }
    Files.createSymbolicLink(proc.resolve("self"), Path.of(pid));
  }
}
