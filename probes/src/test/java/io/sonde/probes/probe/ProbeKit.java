package io.sonde.probes.probe;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.contract.RecordLayout;
import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.RingBuffer;
import io.sonde.probes.probe.existing.Listener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Attaches the real probes to the real kernel and runs real programs under them. */
public abstract class ProbeKit {
  private static final int RING_BYTES = 1024 * 1024;

  /**
   * The interpreter itself: what PATH finds may be a shell script that executes many programs
   * first.
   */
  protected static final String PYTHON = interpreter();

  @TempDir protected Path dir;
  protected Probes probes;
  protected ProbeContext context;
  private RingBuffer ring;
  private final List<CapturedRecord> records = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();

  private static String interpreter() {
    try {
      Process process =
          new ProcessBuilder(
                  "python3", "-c", "import sys, os; print(os.path.realpath(sys.executable))")
              .start();
      return process.inputReader().readLine();
    } catch (IOException e) {
      throw new IllegalStateException("these tests run Python programs; install python3", e);
    }
  }

  @BeforeEach
  void attach() throws BpfException {
    assumeTrue(
        Files.exists(Path.of("/sys/kernel/btf/vmlinux"))
            && "root".equals(System.getProperty("user.name")),
        "capture needs root and a kernel >= 6.3 with BTF");
    context = new ProbeContext(settings(), RING_BYTES);
    probes = Probes.attach(context);
    ring = new RingBuffer(context.map("ring"), RING_BYTES);
  }

  @AfterEach
  void detach() {
    processes.forEach(Process::destroyForcibly);
    if (ring != null) {
      ring.close();
      probes.close();
    }
  }

  protected Settings settings() {
    return new Settings(
        4096, 1024, 1000, false, (int) ProcessHandle.current().pid(), 100, false, true, true);
  }

  protected void select(long pid) throws BpfException {
    new TargetTable(context).put((int) pid, true);
    probes.existing().listeners();
    probes.existing().mark();
  }

  /** Selects every process that listens there. */
  protected void selectPort(int port) throws BpfException {
    for (Listener listener : probes.existing().listeners()) {
      if (listener.port() == port) {
        new TargetTable(context).put(listener.pid(), true);
      }
    }
    probes.existing().mark();
  }

  /** As if a rule named it. */
  protected void nameInARule(int port) throws BpfException {
    context.map("ports").putLong(port >> 6, 1L << (port & 63));
  }

  /** Everything captured so far, in order. */
  protected List<CapturedRecord> records() {
    ring.drain((data, offset, length) -> records.add(CapturedRecord.of(data, offset)));
    return records;
  }

  protected List<CapturedRecord> awaitRecords(Predicate<List<CapturedRecord>> enough) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              probes.sweep().summarise();
              return enough.test(records());
            });
    return List.copyOf(records);
  }

  protected List<CapturedRecord> activities() {
    return records().stream().filter(r -> r.is(RecordLayout.Kind.ACTIVITY)).toList();
  }

  /**
   * Starts a Python program that begins when it is sent a line, so that it can be selected before.
   */
  protected Process python(String program) throws IOException {
    Path script = Files.createTempFile(dir, "workload", ".py");
    Files.writeString(script, "import sys\nsys.stdin.readline()\n" + program);
    Process process =
        new ProcessBuilder(PYTHON, script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    processes.add(process);
    return process;
  }

  protected static void go(Process process) throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** Lets it run to its end and returns what it printed. */
  protected static String finish(Process process) throws Exception {
    go(process);
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the workload did not end");
    }
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.exitValue() != 0) {
      throw new AssertionError("the workload failed: " + out);
    }
    return out;
  }

  protected Process start(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    processes.add(process);
    return process;
  }
}
