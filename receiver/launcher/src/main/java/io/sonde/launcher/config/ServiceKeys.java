package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.beylaAndPlain;
import static io.sonde.launcher.config.EnvironmentVariable.exactly;

import java.util.List;
import java.util.Map;

/** What observed services are called. */
final class ServiceKeys {
  static final Option<String> SERVICE_NAME =
      Option.of(
          "service_name",
          TextTypes.TEXT,
          "\"\"",
          "Name of all observed services; empty: each is named by its own OTEL_SERVICE_NAME or"
              + " after its executable.",
          exactly("OTEL_SERVICE_NAME"),
          beylaAndPlain("SERVICE_NAME").deprecated());

  static final Option<Map<String, String>> RESOURCE_ATTRIBUTES =
      Option.of(
          "resource_attributes",
          MapType.MAP,
          "{}",
          "Attributes added to the resource of every observed service.",
          exactly("OTEL_RESOURCE_ATTRIBUTES"));

  /** In the order of the reference file. */
  static final List<Option<?>> ALL = List.of(SERVICE_NAME, RESOURCE_ATTRIBUTES);

  private ServiceKeys() {}
}
