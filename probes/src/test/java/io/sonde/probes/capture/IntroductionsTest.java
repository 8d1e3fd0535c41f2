package io.sonde.probes.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.v1.Block;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.ProcessStarted;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IntroductionsTest {
  private static ProcessStarted process(int pid, String executable) {
    return ProcessStarted.newBuilder().setPid(pid).setExecutable(executable).build();
  }

  private static Outbox.Item introducedBy(CaptureMessage.Builder introduction) {
    return new Outbox.Item(
        CaptureMessage.getDefaultInstance(), 0, Optional.of(introduction.build()));
  }

  private static Outbox.Item introducedBy(ProcessStarted process) {
    return introducedBy(CaptureMessage.newBuilder().setProcessStarted(process));
  }

  private static List<ProcessStarted> processes(Introductions introductions) {
    return introductions.processes().map(i -> i.message().getProcessStarted()).toList();
  }

  @Test
  void aProcessThatHasGoneIsIntroducedWithThoseThatRun() {
    Introductions introductions =
        new Introductions(List.of(introducedBy(process(1, "gone"))), List.of(process(2, "runs")));
    assertThat(processes(introductions)).containsExactly(process(1, "gone"), process(2, "runs"));
  }

  @Test
  void aProcessIsIntroducedAsWhatItWasWhenTheEldestMessageWasWritten() {
    Introductions introductions =
        new Introductions(
            List.of(introducedBy(process(1, "sh")), introducedBy(process(1, "env"))),
            List.of(process(1, "curl")));
    assertThat(processes(introductions)).containsExactly(process(1, "sh"));
  }

  @Test
  void connectionsAreIntroducedWithoutBeingCountedAgain() {
    Outbox.Item kept =
        introducedBy(CaptureMessage.newBuilder().setBlock(Block.newBuilder().setCount(3)));
    Introductions introductions = new Introductions(List.of(kept), List.of());
    assertThat(introductions.connections())
        .singleElement()
        .satisfies(
            item -> {
              assertThat(item.message().getBlock().getCount()).isEqualTo(3);
              assertThat(item.records()).isZero();
            });
  }
}
