package io.sonde.probes.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.probes.elf.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The programs of src/test/c/hits.bpf.c, compiled and loaded. */
public final class HitCounter implements AutoCloseable {
  private static final int RETURNS = 32;

  private final BpfObject object;

  public HitCounter(Optional<UprobeMechanism> mechanism) throws Exception {
    Path classes = Path.of(HitCounter.class.getResource("HitCounter.class").toURI()).getParent();
    Path compiled = classes.resolve("hits.bpf.o");
    if (!Files.exists(compiled)) {
      Run.output(
          ("clang -g -O2 -Wall -Werror -target bpf -mcpu=v3 -Isrc/main/bpf -c src/test/c/hits.bpf.c -o "
                  + compiled)
              .split(" "));
    }
    Map<String, BpfMap> maps = new HashMap<>();
    object = BpfObject.load(HitCounter.class, "hits.bpf.o", new byte[0], Map.of(), maps, mechanism);
    assertThat(maps).containsKey("hits");
  }

  public BpfObject object() {
    return object;
  }

  /** Times that on_call ran with this cookie, 0..31. */
  public int calls(int cookie) {
    return object.map("hits").getInt(cookie, -1);
  }

  /** Times that on_return did. */
  public int returns(int cookie) {
    return calls(RETURNS + cookie);
  }

  @Override
  public void close() {
    object.close();
  }
}
