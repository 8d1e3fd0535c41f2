package io.sonde.probes.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.v1.ProcessStarted;
import io.sonde.probes.host.ProcFs;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownProcessesTest {
  /** Above any kernel.pid_max, so certainly gone. */
  private static final int GONE = 1 << 23;

  private static final long START_NS = 1_230_000_000L;

  private final int own = (int) ProcessHandle.current().pid();
  private final KnownProcesses processes = new KnownProcesses(new ProcFs(), pid -> List.of("a#1"));

  @Test
  void aProcessThatCanBeAskedIsWhatProcSays() {
    assertThat(processes.meet(own).getExecutable()).endsWith("/java");
    assertThat(processes.contains(own)).isTrue();
  }

  @Test
  void aForkedChildThatIsGoneIsWhatItsParentWas() {
    ProcessStarted parent = processes.meet(own);
    processes.forked(GONE, START_NS, own);

    ProcessStarted child = processes.meet(GONE);

    assertThat(child.getExecutable()).isEqualTo(parent.getExecutable());
    assertThat(child.getPid()).isEqualTo(GONE);
    assertThat(child.getParentPid()).isEqualTo(own);
    assertThat(child.getStartNs()).isEqualTo(START_NS);
  }

  @Test
  void soIsTheChildOfAChildThatWasNeverMet() {
    processes.meet(own);
    processes.forked(GONE, START_NS, own);
    processes.forked(GONE + 1, START_NS, GONE);

    assertThat(processes.meet(GONE + 1).getExecutable()).endsWith("/java");
  }

  @Test
  void aChildThatEndedIsNotTheNextProcessWithItsPid() {
    processes.meet(own);
    processes.forked(GONE, START_NS, own);
    processes.forget(GONE);

    assertThat(processes.meet(GONE).getExecutable()).isEmpty();
  }

  @Test
  void aStrangerThatIsGoneIsToldWithoutAName() {
    assertThat(processes.meet(GONE)).isEqualTo(ProcessStarted.newBuilder().setPid(GONE).build());
    assertThat(processes.contains(GONE)).isTrue();
  }
}
