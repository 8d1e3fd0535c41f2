package io.sonde.pipeline.export.health;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;

/**
 * How a component, or all of them together, is.
 *
 * @param since when it came into this status
 * @param error why, for a human, one line; empty when there is nothing to say
 * @param attributes what else is known, by name
 * @param components of which it consists, by {@code kind:id}; empty for a single one
 */
record ComponentStatus(
    Status status,
    Instant since,
    String error,
    Map<String, String> attributes,
    Map<String, ComponentStatus> components) {

  static ComponentStatus of(
      Status status, Instant since, String error, Map<String, String> attributes) {
    return new ComponentStatus(status, since, error, attributes, Map.of());
  }

  /**
   * The one that tells of all, by the extension's rule: what begins or ends goes before errors, and
   * permanent errors go before others. An error is told since its first occurrence, for it is
   * likely to have caused the later ones; anything else since the last change.
   *
   * @param components not empty
   */
  static ComponentStatus aggregate(Map<String, ComponentStatus> components) {
    Collection<ComponentStatus> all = components.values();
    Status status =
        all.stream()
            .map(ComponentStatus::status)
            .max(Comparator.comparing(ComponentStatus::precedence))
            .orElseThrow();
    Comparator<ComponentStatus> byTime = Comparator.comparing(ComponentStatus::since);
    ComponentStatus telling =
        all.stream()
            .filter(component -> component.status == status)
            .max(status.isError() ? byTime.reversed() : byTime)
            .orElseThrow();
    return new ComponentStatus(status, telling.since, telling.error, Map.of(), components);
  }

  private static int precedence(Status status) {
    return switch (status) {
      case OK -> 0;
      case RECOVERABLE_ERROR -> 1;
      case PERMANENT_ERROR -> 2;
      case STOPPING -> 3;
      case STARTING -> 4;
    };
  }
}
