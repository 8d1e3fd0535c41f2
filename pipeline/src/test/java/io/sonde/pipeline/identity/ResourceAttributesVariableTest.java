package io.sonde.pipeline.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceAttributesVariableTest {
  @Test
  void keysAndValuesArePercentDecodedAndTrimmed() {
    assertThat(ResourceAttributesVariable.parse(" a%2Cb = c%3Dd ,e=caf%C3%A9,f=1+1,g=,h=x=y,"))
        .isEqualTo(Map.of("a,b", "c=d", "e", "caf\u00e9", "f", "1+1", "g", "", "h", "x=y"));
  }

  @Test
  void nothingIsNothing() {
    assertThat(ResourceAttributesVariable.parse("")).isEmpty();
    assertThat(ResourceAttributesVariable.parse(" , ")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=b,c", "a=b,=c", "a=b,c=%", "a=b,c=%4", "a=b,c=%zz", "a=b,c=%ff"})
  void withAnErrorAllOfItIsLeftOut(String variable) {
    assertThat(ResourceAttributesVariable.parse(variable)).isEmpty();
  }
}
