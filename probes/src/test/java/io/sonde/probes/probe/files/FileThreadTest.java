package io.sonde.probes.probe.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.CaptureCounter;
import io.sonde.probes.probe.tls.TlsKit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FileThreadTest extends TlsKit {
  @Test
  void whatIsToldIsDoneInOrderAndLeftAtTheEnd() throws Exception {
    String program =
        """
        import ssl
        print('mapped', flush=True)
        for line in sys.stdin:
            ssl._create_unverified_context().wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO())
            print('done', flush=True)
        """;
    Process process = python(program);
    go(process);
    var output = process.inputReader();
    assertThat(output.readLine()).isEqualTo("mapped");
    int pid = (int) process.pid();
    select(pid);

    try (FileTracking tls = probes.trackFiles(context)) {
      tls.selected(pid, true);
      tls.lookedAt().get(20, TimeUnit.SECONDS);
      assertThat(tls.explain(pid)).isNotEmpty().allMatch(FileReport::hooked);
      go(process);
      assertThat(output.readLine()).isEqualTo("done");
    }
    long calls = counter(CaptureCounter.TLS_HITS);
    assertThat(calls).as("SSL_new and SSL_free").isPositive();

    go(process);
    assertThat(output.readLine()).isEqualTo("done");
    assertThat(counter(CaptureCounter.TLS_HITS)).as("detached").isEqualTo(calls);
  }
}
