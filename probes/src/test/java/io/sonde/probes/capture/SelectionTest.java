package io.sonde.probes.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.StringReader;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
  private static final Candidate SHOP =
      new Process(
          42, "/srv/shop/bin/java", List.of("java", "-jar", "shop.jar"), "java", "", Set.of(8080));
  private static final Candidate BOXED =
      new Process(43, "/bin/stock", List.of("stock"), "", "c0ffee", Set.of());
  private static final Candidate KERNEL_THREAD =
      new Process(2, "", List.of(), "", "", Set.of(8080));

  private record Process(
      int pid,
      String executable,
      List<String> arguments,
      String language,
      String containerId,
      Set<Integer> ports)
      implements Candidate {}

  /** Rules as {@code + criterion=value; criterion=value} or {@code -} to exclude. */
  private static Selection selection(String... rules) throws Exception {
    StringBuilder lines = new StringBuilder("socket=/s\n");
    for (int i = 0; i < rules.length; i++) {
      lines.append(rules[i].startsWith("+") ? "instrument=r" : "exclude=x").append(i).append('\n');
      for (String line : rules[i].substring(1).split(";")) {
        String prefix = line.strip().startsWith("set.") ? "" : "with.";
        lines.append(prefix).append(line.strip()).append('\n');
      }
    }
    return CaptureOptions.read(new BufferedReader(new StringReader(lines + "end\n")))
        .orElseThrow()
        .selection();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          open_ports=8080                            | true
          open_ports=80,8000-8999                    | true
          open_ports=80                              | false
          exe_path=*/java                            | true
          exe_path=java                              | false
          exe_path_regexp=shop                       | true
          exe_path_regexp=^shop                      | false
          cmd_args=*shop.jar                         | true
          cmd_args=shop.jar                          | false
          languages=java                             | true
          languages={go,java}                        | true
          languages=go                               | false
          target_pids=1,42                           | true
          target_pids=1                              | false
          containers_only=true                       | false
          open_ports=8080; exe_path=*/java           | true
          open_ports=8080; exe_path=*/nginx          | false
          open_ports=80; exe_path=*/java             | false
          languages=java; target_pids=42; cmd_args=* | true
          languages=java; target_pids=42; cmd_args=x | false
          """)
  void aRuleSelectsWhatMeetsAllItsCriteria(String rule, boolean selects) throws Exception {
    assertThat(selection("+" + rule).decide(SHOP).selected()).isEqualTo(selects);
  }

  @Test
  void whatIsInAContainerIsKnownByItsContainerId() throws Exception {
    assertThat(selection("+containers_only=true").decide(BOXED).selected()).isTrue();
  }

  @Test
  void aLanguageThatCannotBeToldIsGeneric() throws Exception {
    assertThat(selection("+languages=generic").decide(BOXED).selected()).isTrue();
    assertThat(selection("+languages=generic").decide(SHOP).selected()).isFalse();
  }

  @Test
  void noPatternSelectsAProcessWithoutAnExecutable() throws Exception {
    assertThat(selection("+exe_path=*").decide(KERNEL_THREAD).selected()).isFalse();
    assertThat(selection("+cmd_args=*").decide(KERNEL_THREAD).selected()).isFalse();
    assertThat(selection("+open_ports=8080").decide(KERNEL_THREAD).selected()).isTrue();
  }

  @Test
  void anyRuleIsEnoughAndAllThatMatchAreTold() throws Exception {
    Decision decision =
        selection("+exe_path=*/java", "+open_ports=1", "+open_ports=8080").decide(SHOP);

    assertThat(decision.selectedBy()).containsExactly("r0", "r2");
    assertThat(decision.selected()).isTrue();
  }

  @Test
  void theLastRuleThatSaysSoDecidesOverTls() throws Exception {
    assertThat(selection("+open_ports=8080").decide(SHOP).tls()).isTrue();
    assertThat(
            selection(
                    "+exe_path=*/java; set.tls=off",
                    "+open_ports=8080",
                    "+open_ports=1; set.tls=on")
                .decide(SHOP)
                .tls())
        .isFalse();
    assertThat(
            selection("+exe_path=*/java; set.tls=off", "+open_ports=8080; set.tls=on")
                .decide(SHOP)
                .tls())
        .isTrue();
  }

  @Test
  void exclusionBeatsInclusion() throws Exception {
    Decision decision = selection("+open_ports=8080", "-cmd_args=*shop*").decide(SHOP);

    assertThat(decision.selected()).isFalse();
    assertThat(decision.excludedBy()).contains("x1");
  }

  @Test
  void whatExcludesMustMeetAllItsCriteriaToo() throws Exception {
    assertThat(
            selection("+open_ports=8080", "-cmd_args=*shop*; target_pids=1")
                .decide(SHOP)
                .selected())
        .isTrue();
  }

  @Test
  void whatSelectedAProcessBeforeStillDoesUnlessARuleExcludesIt() throws Exception {
    Selection selection = selection("+target_pids=1", "+open_ports=8080", "-open_ports=9090");
    Process child = new Process(42, "/bin/a", List.of(), "", "", Set.of(8080));
    Process excluded = new Process(42, "/bin/a", List.of(), "", "", Set.of(8080, 9090));

    assertThat(selection.decide(child, List.of("r0")).selectedBy()).containsExactly("r0", "r1");
    assertThat(selection.decide(excluded, List.of("r0")).selected()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          open_ports=80                | false
          open_ports=80; exe_path=*    | false
          target_pids=7                | false
          target_pids=7; exe_path=*/x  | true
          exe_path=*/x                 | true
          languages=go                 | true
          containers_only=true         | true
          """)
  void everyExecIsLookedAtOnlyWhereItMaySelect(String rule, boolean looks) throws Exception {
    assertThat(selection("+" + rule).looksAtExec()).isEqualTo(looks);
  }

  @Test
  void thePortsOfInterestAreThoseOfAllRulesAlsoOfThoseThatExclude() throws Exception {
    assertThat(selection("+open_ports=80", "+exe_path=*", "-open_ports=90-99").portsOfInterest())
        .containsExactly(new PortRange(80, 80), new PortRange(90, 99));
  }

  @Test
  void aLanguageMayShowOnlyAfterTheExecSoEveryPortIsOfInterest() throws Exception {
    assertThat(selection("+languages=java").portsOfInterest()).containsExactly(PortRange.ALL);
  }
}
