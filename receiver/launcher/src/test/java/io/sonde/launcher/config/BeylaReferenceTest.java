package io.sonde.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.sonde.launcher.beyla.Answer;
import io.sonde.launcher.beyla.Answers;
import io.sonde.launcher.beyla.Setting;
import io.sonde.launcher.beyla.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BeylaReferenceTest {
  private static final Path PRINTED = Path.of("BEYLA.md");

  /** So that every option has something to act on. */
  private static final Map<String, String> BASE =
      Map.of(
          "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318",
          "BEYLA_OTEL_PROMETHEUS_PORT", "9400",
          "BEYLA_OTEL_HEALTH_CHECK_PORT", "13134");

  /** One of them is a value other than the default, whatever the type. */
  private static final List<String> VALUES =
      List.of(
          "true",
          "false",
          "2s",
          "17",
          "0.5",
          "json",
          "grpc",
          "none",
          "otel",
          "debug",
          "path",
          "always_off",
          "http://127.0.0.1:4317",
          "/other",
          "127.0.0.1",
          "traces",
          "delta",
          "base2_exponential_bucket_histogram",
          "http",
          "application_span",
          "a=b",
          "x");

  static Stream<Setting> all() {
    return Stream.concat(Settings.ofVariables().stream(), Settings.ofFile().stream());
  }

  static Stream<Setting> honouredVariables() {
    return all()
        .filter(setting -> !setting.variables().isEmpty())
        .filter(setting -> BeylaReference.answer(setting).honoured())
        // A list of rules is set by these variables as if by a rule: DiscoveryTest.
        .filter(setting -> !BeylaReference.answer(setting).key().contains("[]"));
  }

  @Test
  void thePrintedTableIsWhatTheCodeSays() {
    assertThat(PRINTED)
        .as("refresh it: bin/sonde reference --beyla > receiver/launcher/%s", PRINTED)
        .hasContent(BeylaReference.text());
  }

  @Test
  void everyVariableAndEveryKeyOfBeylaIsThereOnce() {
    assertThat(Settings.ofVariables()).hasSize(198);
    assertThat(all().flatMap(setting -> setting.variables().stream())).doesNotHaveDuplicates();
    assertThat(all().flatMap(setting -> setting.keys().stream())).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("all")
  void everySettingIsHonouredOrAnswered(Setting setting) {
    for (String key : setting.keys()) {
      Answer answer = BeylaReference.answer(key);
      assertThat(answer.honoured() || !answer.remark().isEmpty()).as(key).isTrue();
      assertThat(answer.remark()).doesNotEndWith(".").doesNotContain("|");
    }
  }

  @Test
  void noAnswerIsSpareOrStandsInTheWayOfAnOption() {
    List<Answer> given =
        all().flatMap(setting -> setting.keys().stream()).map(BeylaReference::answer).toList();
    List<String> spare =
        Answers.keys().stream()
            .filter(key -> !given.contains(Answers.to(key).orElseThrow()))
            .toList();
    assertThat(spare)
        .as(
            "honoured under their own names by now, or none of Beyla's keys: take them from Answers")
        .isEmpty();
    assertThat(given)
        .filteredOn(Answer::honoured)
        .allMatch(
            answer ->
                Options.ALL.stream()
                    .anyMatch(
                        option -> answer.key().replaceFirst("\\[].*", "").equals(option.key())));
  }

  @ParameterizedTest
  @MethodSource("honouredVariables")
  void whatIsHonouredChangesTheConfiguration(Setting setting) throws Exception {
    String key = BeylaReference.answer(setting).key();
    Option<?> option =
        Options.ALL.stream().filter(o -> o.key().equals(key)).findFirst().orElseThrow();
    String value = otherThanDefault(option);
    for (String variable : setting.variables()) {
      Map<String, String> with = new HashMap<>(precondition(key));
      with.put(variable, value);
      assertThat(read(with)).as(variable + "=" + value).isNotEqualTo(read(precondition(key)));
    }
  }

  private static Map<String, String> precondition(String key) {
    return key.contains(".exponential_histogram.")
        ? Map.of(
            "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
            "base2_exponential_bucket_histogram")
        : Map.of();
  }

  private static String otherThanDefault(Option<?> option) {
    Object unchanged = option.type().reader().read(ConfigReader.defaultOf(option));
    for (String value : VALUES) {
      ConfigValue candidate = ConfigValueFactory.fromAnyRef(value);
      try {
        if (!Objects.equals(option.type().reader().read(candidate), unchanged)) {
          return value;
        }
      } catch (IllegalArgumentException e) {
        continue; // of another type
      }
    }
    throw new AssertionError("no value for " + option.key() + ": add one to VALUES");
  }

  private static SondeConfig read(Map<String, String> more) throws Exception {
    Map<String, String> variables = new HashMap<>(BASE);
    variables.putAll(more);
    List<String> warnings = new ArrayList<>();
    SondeConfig config =
        ConfigReader.read(null, null, variables, EnumSet.noneOf(Half.class), warnings);
    assertThat(warnings).noneMatch(warning -> warning.contains("no effect"));
    return new SondeConfig(
        config.selection(),
        config.capture(),
        config.receiver(),
        config.pipeline(),
        config.logLevel(),
        config.logFormat(),
        Map.of()); // which changes with whatever is set
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BEYLA_BPF_WAKEUP_LEN | BEYLA_BPF_WAKEUP_LEN has no effect here: capture is not woken by events but looks every few milliseconds, which costs the observed programs nothing
          OTEL_EBPF_KUBE_CLUSTER_NAME | OTEL_EBPF_KUBE_CLUSTER_NAME has no effect here: Kubernetes metadata come later
          BEYLA_OTEL_KUBE_CLUSTER_NAME | BEYLA_OTEL_KUBE_CLUSTER_NAME has no effect here: Kubernetes metadata come later
          OTEL_KAFKA_TOPIC_UUID_CACHE_SIZE | OTEL_KAFKA_TOPIC_UUID_CACHE_SIZE has no effect here: this protocol comes later: Sonde understands HTTP/1 today
          BEYLA_OPEN_PROT | BEYLA_OPEN_PROT is set but Sonde does not know it: ignored; did you mean BEYLA_OPEN_PORT?
          BEYLA_SOMETHING_ELSE_ALTOGETHER | BEYLA_SOMETHING_ELSE_ALTOGETHER is set but Sonde does not know it: ignored
          """)
  void whoSetsWhatHasNoEffectIsTold(String variable, String warning) throws Exception {
    List<String> warnings = new ArrayList<>();
    ConfigReader.read(null, null, Map.of(variable, "1"), EnumSet.noneOf(Half.class), warnings);
    assertThat(warnings).containsExactly(warning);
  }

  @ParameterizedTest
  @CsvSource({"KUBECONFIG", "OTEL_SOMETHING_OF_ANOTHER", "HOME"})
  void othersVariablesAreNobodysBusiness(String variable) throws Exception {
    List<String> warnings = new ArrayList<>();
    ConfigReader.read(null, null, Map.of(variable, "1"), EnumSet.noneOf(Half.class), warnings);
    assertThat(warnings).isEmpty();
  }
}
