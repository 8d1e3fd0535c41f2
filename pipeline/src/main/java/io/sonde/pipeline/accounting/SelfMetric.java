package io.sonde.pipeline.accounting;

import java.util.Map;

/**
 * A number that Sonde tells of itself, before it is written as Prometheus text or as OTLP: the one
 * source of both.
 *
 * @param name as in OTLP, without the suffixes that Prometheus adds for unit and type
 * @param help one sentence
 * @param unit UCUM as in the semantic conventions: {@code s}, {@code By}, {@code {span}}
 * @param type a counter only grows, from the start of Sonde on
 * @param points values by labels; no labels where there is only one
 */
public record SelfMetric(
    String name, String help, String unit, Type type, Map<Map<String, String>, Double> points) {

  /** What a value means when it is seen again later. */
  public enum Type {
    COUNTER,
    GAUGE
  }

  public static SelfMetric counter(
      String name, String help, String unit, Map<Map<String, String>, Double> points) {
    return new SelfMetric(name, help, unit, Type.COUNTER, points);
  }

  public static SelfMetric gauge(
      String name, String help, String unit, Map<Map<String, String>, Double> points) {
    return new SelfMetric(name, help, unit, Type.GAUGE, points);
  }

  /** Time is measured, everything else is counted. */
  public boolean wholeNumbers() {
    return !unit.equals("s");
  }
}
