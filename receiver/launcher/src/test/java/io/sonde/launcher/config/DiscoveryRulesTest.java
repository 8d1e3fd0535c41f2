package io.sonde.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sonde.launcher.config.SondeConfig.Rule;
import io.sonde.pipeline.identity.SamplerSetting;
import io.sonde.pipeline.identity.ServiceOverrides;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiscoveryRulesTest {
  @TempDir Path dir;
  private final List<String> warnings = new ArrayList<>();

  private SondeConfig read(String discovery, String... variables) throws Exception {
    Path file =
        Files.writeString(
            dir.resolve("sonde.conf"), "trace_printer = text\ndiscovery {\n" + discovery + "\n}\n");
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return ConfigReader.read(file, null, environment, warnings);
  }

  private List<Rule> instrument(String discovery, String... variables) throws Exception {
    return read(discovery, variables).selection().instrument();
  }

  @Test
  void anEntryIsARuleOfAllItsCriteria() throws Exception {
    List<Rule> rules =
        instrument(
            """
            instrument = [
              { open_ports = 80 }
              { open_ports = [80, "8000-8999"], exe_path = "*/java", cmd_args = "*shop*",
                languages = [java, go], target_pids = [7, 8], containers_only = true }
            ]
            """);

    assertThat(rules)
        .extracting(Rule::key)
        .containsExactly("discovery.instrument[0]", "discovery.instrument[1]");
    assertThat(rules.get(1).criteria())
        .isEqualTo(
            Map.of(
                "open_ports", "80,8000-8999",
                "exe_path", "*/java",
                "cmd_args", "*shop*",
                "languages", "{java,go}",
                "target_pids", "7,8",
                "containers_only", "true"));
    assertThat(rules).allMatch(rule -> rule.overrides().equals(ServiceOverrides.NONE));
  }

  @Test
  void anEntryMaySayWhatIsOtherwiseForWhatItSelects() throws Exception {
    SondeConfig config =
        read(
            """
            instrument = [
              { open_ports = 80, name = shop, namespace = retail, exports = [traces]
                sampler { name = traceidratio, arg = 0.5 } }
              { open_ports = 81, exports = [], tls = false }
              { open_ports = 82, exports = "metrics,traces", sampler.name = always_off }
            ]
            """);

    List<Rule> rules = config.selection().instrument();
    assertThat(rules.get(0).overrides().name()).contains("shop");
    assertThat(rules.get(0).overrides().namespace()).contains("retail");
    assertThat(rules.get(0).overrides().exports()).contains(Set.of(Export.TRACES));
    assertThat(rules.get(0).overrides().sampler())
        .contains(new SamplerSetting(SamplerSetting.Name.TRACEIDRATIO, 0.5));
    assertThat(rules.get(1).overrides().exports()).isEqualTo(Optional.of(Set.of()));
    assertThat(rules.get(1).overrides().tls()).contains(false);
    assertThat(rules.get(1).overrides().readsTls()).isFalse();
    assertThat(rules.get(2).overrides().readsTls()).isTrue();
    assertThat(rules.get(2).overrides().exports()).contains(Set.of(Export.METRICS, Export.TRACES));
    assertThat(config.pipeline().overrides())
        .containsEntry(rules.get(0).id(), rules.get(0).overrides())
        .hasSize(3);
  }

  @Test
  void theKeysBesideTheListsAreOneMoreEntryThatCountsLast() throws Exception {
    List<Rule> rules =
        instrument(
            "instrument = [ { open_ports = 80 } ]\nopen_port = 90\nauto_target_exe = \"*/a\"",
            "BEYLA_AUTO_TARGET_LANGUAGE",
            "go,java");

    assertThat(rules).hasSize(2);
    assertThat(rules.get(1).criteria())
        .isEqualTo(Map.of("open_ports", "90", "exe_path", "*/a", "languages", "{go,java}"));
    assertThat(rules.get(1).key())
        .isEqualTo("discovery.open_port+auto_target_exe+auto_target_language");
  }

  @Test
  void agentsAndSondeAreExcludedUnlessToldOtherwise() throws Exception {
    assertThat(
            read("open_port = 80\nexclude_instrument = [ { exe_path = \"*/a\" } ]")
                .selection()
                .exclude())
        .extracting(Rule::key)
        .containsExactly(
            "discovery.exclude_instrument[0]",
            "discovery.default_exclude_instrument[0]",
            "discovery.default_exclude_instrument[1]");
    assertThat(read("open_port = 80\ndefault_exclude_instrument = []").selection().exclude())
        .isEmpty();
  }

  @Test
  void theListsOfOldTakeRegularExpressionsAndCountWhereTheNewOnesAreNotThere() throws Exception {
    SondeConfig.Selection selection =
        read("""
                services = [ { exe_path = "ngin.$", name = edge }, { exe_path_regexp = "^/srv" } ]
                exclude_services = [ { exe_path = "debug" } ]
                """)
            .selection();

    assertThat(selection.instrument())
        .extracting(Rule::criteria)
        .containsExactly(Map.of("exe_path_regexp", "ngin.$"), Map.of("exe_path_regexp", "^/srv"));
    assertThat(selection.instrument().get(0).overrides().name()).contains("edge");
    assertThat(selection.exclude())
        .extracting(Rule::key)
        .startsWith("discovery.exclude_services[0]", "discovery.default_exclude_services[0]");
    assertThat(warnings)
        .containsExactly(
            "discovery.services is deprecated: use discovery.instrument, where exe_path is a glob",
            "discovery.exclude_services is deprecated: use discovery.exclude_instrument, where"
                + " exe_path is a glob");
  }

  @Test
  void theListsOfOldDoNotCountBesideTheNewOnes() throws Exception {
    List<Rule> rules =
        instrument("services = [ { exe_path = a } ]\ninstrument = [ { exe_path = b } ]");

    assertThat(rules).extracting(Rule::key).containsExactly("discovery.instrument[0]");
    assertThat(warnings).singleElement().asString().startsWith("discovery.services is ignored");
  }

  @Test
  void rulesWithOtherCriteriaHaveOtherIds() throws Exception {
    Rule one = instrument("instrument = [ { open_ports = 80 } ]").get(0);
    Rule renamed = instrument("instrument = [ { open_ports = 80, name = a } ]").get(0);
    Rule other = instrument("instrument = [ { open_ports = 81 } ]").get(0);

    assertThat(one.id()).startsWith("discovery.instrument[0]#").isEqualTo(renamed.id());
    assertThat(other.id()).isNotEqualTo(one.id());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          instrument = 80                                | discovery.instrument is 80: it must be a list of objects
          instrument = [ 80 ]                            | discovery.instrument[0] is not an object: write { … }
          instrument = [ {}, { open_ports = x } ]        | 'discovery.instrument[1].open_ports is "x": it must be ports'
          instrument = [ { name = a } ]                  | discovery.instrument[0] has no criterion, so it would match every process
          instrument = [ { open_port = 80 } ]            | 'unknown key discovery.instrument[0].open_port: did you mean discovery.instrument[0].open_ports?'
          instrument = [ { exe_path = "{a" } ]           | 'discovery.instrument[0].exe_path is "{a": it must be a glob'
          instrument = [ { languages = ["[a"] } ]        | discovery.instrument[0].languages is
          instrument = [ { exports = [logs] } ]          | discovery.instrument[0].exports is ["logs"]: it must be a list of any of metrics, traces
          instrument = [ { k8s_namespace = a } ]         | 'discovery.instrument[0].k8s_namespace: Sonde does not know Kubernetes yet'
          instrument = [ { k8s_pod_labels { a = b } } ]  | 'discovery.instrument[0].k8s_pod_labels: Sonde does not know Kubernetes yet'
          instrument = [ { container_name = a } ]        | 'discovery.instrument[0].container_name: Sonde does not ask container runtimes'
          instrument = [ { sampler = 1 } ]               | discovery.instrument[0].sampler is a section
          instrument = [ { sampler.arg = 2 } ]           | 'discovery.instrument[0].sampler.arg is 2: it must be a number from 0 to 1'
          exclude_instrument = [ { name = a } ]          | unknown key discovery.exclude_instrument[0].name
          services = [ { exe_path = "(" } ]              | 'discovery.services[0].exe_path is "(": it must be a regular expression'
          """)
  void whatIsWrongInAListIsToldWithItsKeyItsFileAndItsLine(String list, String problem) {
    ConfigurationException e =
        catchThrowableOfType(ConfigurationException.class, () -> read("\n" + list));

    assertThat(e.problems())
        .anySatisfy(told -> assertThat(told).contains("sonde.conf: 4: ").contains(problem));
  }

  @Test
  void everyProblemOfAListIsTold() {
    ConfigurationException e =
        catchThrowableOfType(
            ConfigurationException.class,
            () -> read("instrument = [ { open_ports = x, colour = red }, { target_pids = y } ]"));

    assertThat(e.problems()).hasSize(3);
  }
}
