package io.sonde.launcher.companion;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.launcher.companion.AlloyFile.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Alloy itself cannot be had where the tests run; this is what can be said without it. */
@DisplayName("alloy-config")
class AlloyConfigTest {
  private static final Path FOLDER = Path.of("../../alloy-config");
  private static final Path MODULE = FOLDER.resolve("sonde.alloy");

  private static final Pattern FENCED = Pattern.compile("```alloy\n(.*?\n) *```", Pattern.DOTALL);

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

  private static List<Path> ofTheCollector() throws IOException {
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
