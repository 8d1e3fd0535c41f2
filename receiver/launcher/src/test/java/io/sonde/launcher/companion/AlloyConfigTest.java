package io.sonde.launcher.companion;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.launcher.companion.AlloyFile.Block;
import io.sonde.launcher.config.ConfigReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Alloy itself cannot be had where the tests run; this is what can be said without it. */
@DisplayName("alloy-config")
class AlloyConfigTest {
  private static final Path FOLDER = Path.of("../../alloy-config");
  private static final Path MODULE = FOLDER.resolve("sonde.alloy");

  private static final Pattern FENCED = Pattern.compile("```alloy\n(.*?\n) *```", Pattern.DOTALL);

  @TempDir Path dir;

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".alloy")).sorted().toList();
    }
  }

  static List<Path> chains() throws IOException {
    return files().stream().filter(file -> !file.equals(MODULE)).toList();
  }

  @ParameterizedTest
  @MethodSource("files")
  void isLaidOutAsAlloyFmtDoes(Path file) throws IOException {
    assertThat(AlloyForm.problems(Files.readString(file))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyNameMeansSomething(Path file) throws IOException {
    assertThat(AlloyNames.problems(parse(file), documented())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("chains")
  void aChainBeginsByTellingWhenToTakeIt(Path chain) throws IOException {
    assertThat(Files.readString(chain)).startsWith("// Take this ").contains("sonde.receiver");
  }

  /** The two sides of a chain are written in two languages, one of them in a comment. */
  @ParameterizedTest
  @MethodSource("chains")
  void aChainListensWhereItsSondeSendsTo(Path chain) throws Exception {
    Intake intake = intake(chain);
    Listener listener = intake.listeners().get(0);
    Block receiver = receiver(chain);
    assertThat(intake.listeners()).hasSize(1);
    assertThat(setting(receiver, "endpoint")).contains(listener.address().endpoint());
    assertThat(setting(receiver, "transport").orElse("tcp"))
        .isEqualTo(listener.address().transport());
    assertThat(receiver.name().endsWith("_tls")).isEqualTo(listener.tls());
    assertThat(given(receiver, "client_ca_file")).isEqualTo(listener.clientCertificate());
    assertThat(given(receiver, "traces_to")).isEqualTo(listener.traces());
    assertThat(given(receiver, "metrics_to")).isEqualTo(listener.metrics());
    assertThat(setting(receiver, "scrape_address").filter(address -> !address.isEmpty()))
        .isEqualTo(intake.scrape().map(Intake.Scrape::address));
  }

  @ParameterizedTest
  @MethodSource("ofTheCollector")
  void aFileForTheCollectorListensWhereItsSondeSendsTo(Path file) throws Exception {
    Intake intake = intake(file);
    Listener listener = intake.listeners().get(0);
    String yaml = Files.readString(file).replace("\"", "");
    assertThat(yaml)
        .startsWith("# Take this ")
        .contains("endpoint: " + listener.address().endpoint() + "\n");
    assertThat(yaml.contains("transport: unix\n")).isEqualTo(listener.address().unix());
    assertThat(yaml.contains("cert_file: ")).isEqualTo(listener.tls());
    assertThat(yaml.contains("client_ca_file: ")).isEqualTo(listener.clientCertificate());
    intake.scrape().ifPresent(s -> assertThat(yaml).contains("targets: [" + s.address() + "]"));
  }

  /** Of the Sonde that the comment at a file's head configures. */
  private Intake intake(Path file) throws Exception {
    String conf =
        Files.readAllLines(file).stream()
            .filter(line -> line.matches("(//|#)     .*"))
            .map(line -> line.replaceFirst("(//|#) +", ""))
            .collect(Collectors.joining("\n", "discovery.open_port = 80\n", "\n"));
    Path written = Files.writeString(dir.resolve("sonde.conf"), conf.replace("${POD_UID}", "uid"));
    return Intake.of(ConfigReader.read(written, null, Map.of(), new ArrayList<>()).pipeline());
  }

  /** As it is given, or else by default. */
  private static Optional<String> setting(Block receiver, String name) {
    return receiver
        .value(name)
        .or(
            () ->
                declared(receiver).named("argument").stream()
                    .filter(argument -> argument.label().equals(name))
                    .findFirst()
                    .flatMap(argument -> argument.value("default")))
        .map(AlloyConfigTest::unquoted);
  }

  private static Block declared(Block receiver) {
    try {
      return parse(MODULE).named("declare").stream()
          .filter(declared -> receiver.name().equals("sonde." + declared.label()))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noChainTakesMetricsInBothWays() throws IOException {
    for (Path chain : chains()) {
      Block receiver = receiver(chain);
      assertThat(given(receiver, "metrics_to") && given(receiver, "prometheus_to"))
          .as(chain.toString())
          .isFalse();
    }
  }

  @Test
  void theReadmeTellsEveryArgumentAsTheModuleDoes() throws IOException {
    assertThat(parse(MODULE).named("declare"))
        .hasSize(2)
        .allSatisfy(
            declared ->
                assertThat(readme())
                    .contains(
                        declared.named("argument").stream()
                            .map(AlloyConfigTest::row)
                            .collect(
                                Collectors.joining(
                                    "\n",
                                    "| Argument | Default | Meaning |\n|---|---|---|\n",
                                    "\n\n"))));
  }

  private static String row(Block argument) {
    return "| `%s` | %s | %s |"
        .formatted(
            argument.label(),
            argument.value("default").map(value -> "`" + value + "`").orElse("required"),
            argument.value("comment").map(AlloyConfigTest::unquoted).orElseThrow());
  }

  @Test
  void theReadmeListsEveryChainWithItsFirstLine() throws IOException {
    assertThat(readme()).contains(list("chains", chains()), list("collector", ofTheCollector()));
  }

  private static String list(String folder, List<Path> files) throws IOException {
    StringBuilder rows = new StringBuilder("|---|---|\n");
    for (Path file : files) {
      String name = file.getFileName().toString();
      String first = Files.readAllLines(file).get(0).replaceFirst("^(//|#) ", "");
      rows.append(
          "| [%s](%s/%s) | %s |\n".formatted(name.replaceFirst("\\..*", ""), folder, name, first));
    }
    return rows.append('\n').toString();
  }

  /** What it refers to is the reader's own. */
  @Test
  void whatTheReadmeShowsOfAlloyIsRight() throws IOException {
    List<String> shown =
        FENCED
            .matcher(readme())
            .results()
            .map(match -> match.group(1).replaceAll("(?m)^   ", ""))
            .toList();
    assertThat(shown).isNotEmpty();
    for (String code : shown) {
      assertThat(AlloyForm.problems(code)).isEmpty();
      assertThat(AlloyNames.problems(AlloyFile.parse(code), documented()))
          .allMatch(problem -> problem.endsWith(".input leads nowhere"));
    }
  }

  static List<Path> ofTheCollector() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER.resolve("collector"))) {
      return files.sorted().toList();
    }
  }

  private static String readme() throws IOException {
    return Files.readString(FOLDER.resolve("README.md"));
  }

  private static boolean given(Block receiver, String list) {
    return receiver.value(list).isPresent();
  }

  private static String unquoted(String expression) {
    return expression.substring(1, expression.length() - 1);
  }

  private static Block receiver(Path chain) throws IOException {
    return parse(chain).blocks().stream()
        .filter(block -> block.name().startsWith("sonde."))
        .findFirst()
        .orElseThrow();
  }

  private static Documented documented() throws IOException {
    return Documented.alloy().with("sonde", parse(MODULE));
  }

  private static Block parse(Path file) throws IOException {
    return AlloyFile.parse(Files.readString(file));
  }
}
