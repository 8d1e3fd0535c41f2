package io.sonde.it;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Prometheus page, read. */
record Samples(List<Sample> all) {
  private static final Pattern LINE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (\\S+).*");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /**
   * @param labels unescaped only as far as tests need: not at all
   */
  record Sample(String name, Map<String, String> labels, double value) {
    boolean has(String label, String value) {
      return Objects.equals(labels.get(label), value);
    }
  }

  static Samples parse(String page) {
    return new Samples(
        page.lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(Samples::parseLine)
            .toList());
  }

  private static Sample parseLine(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a sample: " + line);
    }
    Map<String, String> labels = new HashMap<>();
    if (matcher.group(2) != null) {
      Matcher label = LABEL.matcher(matcher.group(2));
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
    }
    return new Sample(matcher.group(1), labels, Double.parseDouble(matcher.group(3)));
  }

  List<Sample> named(String name) {
    return all.stream().filter(sample -> sample.name().equals(name)).toList();
  }

  double sum(String name) {
    return named(name).stream().mapToDouble(Sample::value).sum();
  }

  /** Sum over the series of {@code name} with that label. */
  double sum(String name, String label, String value) {
    return named(name).stream()
        .filter(sample -> sample.has(label, value))
        .mapToDouble(Sample::value)
        .sum();
  }
}
