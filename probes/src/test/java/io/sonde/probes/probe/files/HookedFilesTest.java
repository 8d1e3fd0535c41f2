package io.sonde.probes.probe.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.bpf.PinnedFile;
import io.sonde.probes.elf.x86.Price;
import io.sonde.probes.probe.files.HookedFiles.Found;
import io.sonde.probes.probe.tls.CLibrary;
import io.sonde.probes.probe.tls.TlsFunction;
import io.sonde.probes.probe.tls.TlsKit;
import io.sonde.probes.probe.tls.TlsProbe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HookedFilesTest extends TlsKit {
  @Test
  void aFileThatCannotBeHookedSaysWhyAndCostsNoOther() throws Exception {
    BpfObject object = context.load(TlsProbe.class, "tls.bpf.o");
    AtomicInteger looks = new AtomicInteger();
    Path broken = Files.copy(openSsl(), dir.resolve("broken"));
    Path whole = openSsl();
    HookFinder kind =
        file -> {
          looks.incrementAndGet();
          return CLibrary.OPENSSL.find(file).map(plan -> misplaced(plan, looks.get() == 1));
        };
    try (object;
        HookedFiles files =
            new HookedFiles(
                Map.of(TlsProbe.ON_CALL, object, TlsProbe.ON_RETURN, object),
                Map.of(Subject.TLS, context.map("tls_libraries")),
                List.of(kind))) {
      for (int i = 0; i < 3; i++) {
        Found found = hook(files, broken);
        assertThat(found.hooks()).isEmpty();
        assertThat(found.why()).contains("cannot be attached").contains("errno");
      }
      assertThat(looks).as("it is looked at once").hasValue(1);

      assertThat(hook(files, whole).hooks()).hasSize(1);
      assertThat(hook(files, whole).why()).isEmpty();
      assertThat(looks).hasValue(2);

      Files.write(broken, Files.readAllBytes(whole)); // as another state of the file
      assertThat(hook(files, broken).hooks()).hasSize(1);
    }
  }

  @Test
  void aProgramThatIsNotLoadedIsNamed() throws Exception {
    try (HookedFiles files =
        new HookedFiles(
            Map.of(), Map.of(Subject.TLS, context.map("targets")), List.of(CLibrary.values()))) {
      assertThat(hook(files, openSsl()).why()).contains("program on_return is not loaded");
    }
  }

  /** Behind the end of the file, if asked for. */
  private static AttachPlan misplaced(AttachPlan plan, boolean wrong) {
    Hook hook =
        new Hook(TlsProbe.ON_CALL, false, TlsFunction.READ, "nowhere", 1L << 40, Price.EMULATED);
    return wrong ? new AttachPlan(plan.library(), plan.kind(), List.of(hook)) : plan;
  }

  private static Found hook(HookedFiles files, Path path) throws Exception {
    try (PinnedFile file = PinnedFile.open(path)) {
      return files.hook(file, path.toString(), Set.of(Subject.TLS));
    }
  }
}
