package io.sonde.contract.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FindingTest {
  @Test
  void comesBackFromItsLineAsItWas() {
    Finding finding = Finding.degraded("memory", "64 MB", "it may be killed", "give it more");
    assertThat(Finding.parse(finding.line())).contains(finding);
    Finding fine = Finding.ok("btf", "readable");
    assertThat(Finding.parse(fine.line())).contains(fine);
  }

  @Test
  void isOneLineWhateverTheKernelSays() {
    Finding finding = Finding.ok("lockdown", "a\tb\nc\u001b[31m\n");
    assertThat(finding.found()).isEqualTo("a b c [31m");
    assertThat(Finding.parse(finding.line())).contains(finding);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "btf", "btf\tfine\ta\tb\tc", "btf\tok\ta\tb", "\tok\ta\tb\tc"})
  void otherLinesAreNotFindings(String line) {
    assertThat(Finding.parse(line)).isEmpty();
  }
}
