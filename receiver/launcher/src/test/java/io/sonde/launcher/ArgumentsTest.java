package io.sonde.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
  @ParameterizedTest
  @ValueSource(strings = {"--config=/c", "--config /c", "-c /c", "-config /c", "-c=/c"})
  void theConfigurationMayBeGivenInEverySpelling(String words) throws Exception {
    assertThat(Arguments.parse(("receive " + words).split(" ")).config()).isEqualTo(Path.of("/c"));
  }

  @Test
  void nothingIsAssumed() throws Exception {
    assertThat(Arguments.parse("receive")).isEqualTo(new Arguments("receive", null, null, false));
  }

  @Test
  void whatIsNotUnderstoodIsNamed() {
    assertThatThrownBy(() -> Arguments.parse("receive", "--prot=1"))
        .hasMessage("unknown argument '--prot=1': sonde receive takes --config FILE only");
    assertThatThrownBy(() -> Arguments.parse("receive", "--config"))
        .hasMessageStartingWith("--config needs a file");
    assertThatThrownBy(Arguments::parse).hasMessageStartingWith("which command?");
  }
}
