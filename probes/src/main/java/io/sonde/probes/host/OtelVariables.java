package io.sonde.probes.host;

import java.util.Optional;
import java.util.Set;

/**
 * The variables of a process's environment that are OpenTelemetry's own and tell who it is and
 * where it sends what it tells of itself. Not those with headers, which hold credentials.
 */
final class OtelVariables {
  private static final Set<String> PLAIN =
      Set.of(
          "OTEL_SERVICE_NAME",
          "OTEL_RESOURCE_ATTRIBUTES",
          "OTEL_TRACES_EXPORTER",
          "OTEL_METRICS_EXPORTER",
          "OTEL_EXPORTER_OTLP_PROTOCOL",
          "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
          "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL");

  /** A URL: its user and password are left out. */
  private static final Set<String> ENDPOINTS =
      Set.of(
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
          "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");

  private OtelVariables() {}

  /** What may be known of the variable; empty when nothing may. */
  static Optional<String> kept(String name, String value) {
    if (PLAIN.contains(name)) {
      return Optional.of(value);
    }
    return ENDPOINTS.contains(name) ? Optional.of(withoutUser(value)) : Optional.empty();
  }

  private static String withoutUser(String url) {
    int at = url.lastIndexOf('@');
    int authority = url.indexOf("://");
    String scheme = authority < 0 || authority > at ? "" : url.substring(0, authority + 3);
    return at < 0 ? url : scheme + url.substring(at + 1);
  }
}
