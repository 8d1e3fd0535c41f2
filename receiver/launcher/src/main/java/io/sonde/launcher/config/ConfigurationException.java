package io.sonde.launcher.config;

import java.util.List;

/**
 * The configuration cannot be used. Every problem is a line that says where, what and what to do.
 */
public final class ConfigurationException extends Exception {
  private final transient List<String> problems;

  public ConfigurationException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
