package io.sonde.launcher.config;

import java.util.HashMap;
import java.util.Map;

/** An environment, for tests. */
final class Variables {
  private Variables() {}

  /**
   * @param pairs name, value, name, value …
   */
  static Map<String, String> of(String... pairs) {
    Map<String, String> variables = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      variables.put(pairs[i], pairs[i + 1]);
    }
    return variables;
  }
}
