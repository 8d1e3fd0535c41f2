package io.sonde.pipeline.export.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelNamesTest {
  @ParameterizedTest
  @CsvSource({
    "http.request.method, http_request_method",
    "a..b, a_b",
    "__name__, _name_",
    "1st, key_1st",
    "'', key_",
    "größe, gr_e",
    "'a\"} 1\nevil', a_1_evil",
    "\u0661x, _x"
  })
  void anyAttributeNameBecomesAValidLabelName(String attribute, String label) {
    assertThat(LabelNames.of(attribute)).isEqualTo(label);
  }
}
