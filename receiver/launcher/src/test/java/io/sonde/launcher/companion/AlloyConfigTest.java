package io.sonde.launcher.companion;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.launcher.companion.AlloyFile.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  private static boolean given(Block receiver, String list) {
    return receiver.value(list).isPresent();
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
