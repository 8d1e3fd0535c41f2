package io.sonde.probes.probe.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.CaptureCounter;
import io.sonde.contract.RecordLayout;
import io.sonde.probes.probe.CapturedRecord;
import io.sonde.probes.probe.ProbeKit;
import io.sonde.probes.probe.Settings;
import io.sonde.probes.probe.TargetTable;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessProbeTest extends ProbeKit {
  private static final int EXEC = 16;
  private static final int FORK = 17;
  private static final int EXIT = 18;

  private static final String EXCHANGE =
      "import socket; l=socket.socket(); l.bind(('127.0.0.1',0)); l.listen();"
          + " c=socket.create_connection(l.getsockname()); s,_=l.accept(); c.send(b'first'); s.recv(9)";

  @Override
  protected Settings settings() {
    return new Settings(
        4096, 1024, 1000, true, (int) ProcessHandle.current().pid(), 100, false, true, true);
  }

  private List<CapturedRecord> of(long pid) {
    return records().stream().filter(r -> r.pid() == pid).toList();
  }

  @Test
  void theFirstExchangeOfAProgramStartedLaterIsHeldAsPending() throws Exception {
    Process process = start(PYTHON, "-c", EXCHANGE);
    assertThat(process.waitFor()).isZero();
    List<CapturedRecord> records = of(process.pid());
    assertThat(records).element(0).matches(r -> r.is(EXEC));
    assertThat(records.stream().filter(r -> r.is(EXIT))).hasSize(1);
    List<CapturedRecord> activities =
        records.stream().filter(r -> r.is(RecordLayout.Kind.ACTIVITY)).toList();
    assertThat(activities).hasSize(2).allMatch(r -> r.has(RecordLayout.Flag.PENDING));
  }

  @Test
  void aProgramThatIsStartedWhileABusyOneFillsTheRingIsToldAllTheSame() throws Exception {
    Process busy =
        start(
            PYTHON,
            "-c",
            EXCHANGE + "\nfor i in range(20000): c.send(b'?'); s.recv(9); s.send(b'!'); c.recv(9)");
    assertThat(busy.waitFor()).isZero();
    Process later = start(PYTHON, "-c", "pass");
    assertThat(later.waitFor()).isZero();

    assertThat(context.map("counters").perCpuSum(CaptureCounter.RING_FULL.index())).isPositive();
    assertThat(of(later.pid())).extracting(CapturedRecord::kind).contains(EXEC, EXIT);
  }

  @Test
  void aProgramDecidedAgainstLeavesNothingMore() throws Exception {
    Process process = start(PYTHON, "-c", "import sys; sys.stdin.readline(); " + EXCHANGE);
    // the JVM's spawn helper, and the program that it executes
    awaitRecords(
        records ->
            records.stream().filter(r -> r.is(EXEC) && r.pid() == process.pid()).count() == 2);
    long told =
        of(process.pid()).stream()
            .filter(r -> r.is(EXEC))
            .mapToLong(CapturedRecord::timeNs)
            .max()
            .orElseThrow();
    new TargetTable(context).answer((int) process.pid(), told, false);
    finish(process);
    assertThat(of(process.pid())).noneMatch(r -> r.is(RecordLayout.Kind.ACTIVITY));
  }

  @Test
  void aForkInheritsTheSelectionAndAThreadIsNoFork() throws Exception {
    Process process =
        python(
            """
            import os, threading
            t = threading.Thread(target=lambda: None); t.start(); t.join()
            if os.fork() == 0: os._exit(0)
            os.wait()
            """);
    select(process.pid());
    finish(process);
    List<CapturedRecord> forks = records().stream().filter(r -> r.is(FORK)).toList();
    assertThat(forks).hasSize(1);
    int child = forks.get(0).pid();
    assertThat(of(child)).anyMatch(r -> r.is(EXIT));
    assertThat(new TargetTable(context).isSelected(child)).isFalse();
  }

  @Test
  void anExecPutsTheSelectionInQuestion() throws Exception {
    Process process = python("import os\nos.execv('/bin/sleep', ['sleep', '20'])\n");
    new TargetTable(context).put((int) process.pid(), true);
    go(process);
    awaitRecords(
        records ->
            records.stream()
                .filter(r -> r.is(EXEC) && r.pid() == process.pid())
                .anyMatch(
                    r -> context.map("questions").getLong((int) process.pid(), 0) == r.timeNs()));
  }
}
