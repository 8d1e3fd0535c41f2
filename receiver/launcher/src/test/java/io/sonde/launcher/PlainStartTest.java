package io.sonde.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainStartTest {
  @ParameterizedTest
  @ValueSource(strings = {"receive --config=/c", "receive --config /c", "receive -c /c"})
  void knowsTheUsualWords(String words) {
    assertThat(PlainStart.of(words.split(" "))).contains(new PlainStart(Path.of("/c"), null));
  }

  @Test
  void knowsHowTheScriptStartsIt() {
    assertThat(PlainStart.of("run", "--capture-options-to=/f"))
        .contains(new PlainStart(null, Path.of("/f")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "alloy", "receive --help", "receive --config", "run -c=/c", "run x"})
  void leavesAllElseToTheLibrary(String words) {
    assertThat(PlainStart.of(words.split(" "))).isEmpty();
  }
}
