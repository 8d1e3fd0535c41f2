package io.sonde.pipeline.identity;

import io.sonde.pipeline.event.ProcessStarted;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a process was told of OpenTelemetry: by its environment or, before that, by the system
 * properties that the Java SDK takes for it ({@code -Dotel.service.name} for {@code
 * OTEL_SERVICE_NAME}). Captured, so hostile.
 */
final class OtelSettings {
  private static final String JAVA = "java";

  private final Map<String, String> environment;
  private final List<String> properties;

  private OtelSettings(Map<String, String> environment, List<String> properties) {
    this.environment = environment;
    this.properties = properties;
  }

  static OtelSettings of(ProcessStarted process) {
    List<String> properties =
        process.language().equals(JAVA)
            ? process.arguments().stream().filter(a -> a.startsWith("-Dotel.")).toList()
            : List.of();
    return new OtelSettings(process.environment(), properties);
  }

  /** Empty when not set, which to OpenTelemetry is the same as set to nothing. */
  String get(String variable) {
    String option = "-D" + variable.toLowerCase(Locale.ROOT).replace('_', '.') + "=";
    for (String property : properties) {
      if (property.startsWith(option)) {
        return property.substring(option.length());
      }
    }
    return environment.getOrDefault(variable, "");
  }
}
