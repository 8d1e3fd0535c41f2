package io.sonde.launcher.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.v1.ExplainAnswer;
import io.sonde.contract.v1.ExplainedCapture;
import io.sonde.contract.v1.ExplainedProcess;
import io.sonde.contract.v1.SeenLoss;
import io.sonde.contract.v1.SeenProcess;
import io.sonde.contract.v1.SeenTls;
import java.util.List;
import org.junit.jupiter.api.Test;

class TlsExplainedTest {
  @Test
  void ofTlsItIsToldHowMuchIsRead() {
    Explain explain = of(seen("nodejs", 5, 5, 2));

    assertThat(explain.text())
        .contains("TLS: 5 connections encrypted, 5 of them read")
        .contains("TLS: 2 sessions read that are of no connection for certain")
        .doesNotContain("is not read");
    assertThat(explain.json()).contains("\"readable\" : 5").contains("\"unmatched_sessions\" : 2");
  }

  @Test
  void thatJavasOwnCannotBeReadIsToldWithWhatToDo() {
    SeenProcess java =
        seen("java", 3, 0, 0).toBuilder()
            .addLosses(SeenLoss.newBuilder().setCause("tls").setCount(3))
            .build();

    assertThat(of(java).text())
        .doesNotContain("not understood")
        .contains("its own TLS cannot be read without entering the JVM")
        .contains("let a proxy beside it do the TLS");
  }

  @Test
  void thatItIsNotWantedIsToldAsTheReason() {
    SeenProcess unwanted = seen("java", 3, 0, 0).toBuilder().putSettings("tls", "false").build();

    assertThat(of(unwanted).text()).contains("its entry says tls = false").doesNotContain("JVM");
  }

  @Test
  void ofAProcessWithoutTlsNothingIsToldOfIt() {
    assertThat(of(seen("java", 0, 0, 0)).text()).doesNotContain("TLS");
  }

  private static SeenProcess seen(String language, long encrypted, long readable, long unmatched) {
    return SeenProcess.newBuilder()
        .setPid(7)
        .setServiceName("shop")
        .setLanguage(language)
        .setConnections(9)
        .setTls(
            SeenTls.newBuilder()
                .setConnections(encrypted)
                .setReadable(readable)
                .setUnmatchedSessions(unmatched))
        .build();
  }

  private static Explain of(SeenProcess seen) {
    ExplainedProcess process =
        ExplainedProcess.newBuilder().setPid(7).setSelected(true).addSelectedBy("a#1").build();
    return new Explain(
        Subject.parse("7"),
        List.of(
            ExplainedCapture.newBuilder()
                .setAnswer(ExplainAnswer.newBuilder().addProcesses(process))
                .addSeen(seen)
                .build()));
  }
}
