package io.sonde.launcher.companion;

import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.config.SondeConfig;
import java.util.List;

/** What stands behind {@code sonde alloy} and {@code sonde collector}. */
public final class Companion {
  private Companion() {}

  /** For Grafana Alloy, in its syntax and laid out as {@code alloy fmt} does. */
  public static String alloy(SondeConfig config) throws ConfigurationException {
    Intake intake = intake(config);
    for (Listener listener : intake.listeners()) {
      if (listener.address().unix() && listener.protocol() == Listener.Protocol.HTTP) {
        throw new ConfigurationException(
            List.of(
                "Alloy listens on a Unix socket for gRPC only, and here OTLP goes to "
                    + listener.address().endpoint()
                    + " over HTTP: set otel_export.protocol = grpc"
                    + " (OTEL_EXPORTER_OTLP_PROTOCOL)"));
      }
    }
    return AlloyConfiguration.of(intake);
  }

  /** For the OpenTelemetry Collector, in YAML. */
  public static String collector(SondeConfig config) throws ConfigurationException {
    return CollectorConfiguration.of(intake(config));
  }

  private static Intake intake(SondeConfig config) throws ConfigurationException {
    Intake intake = Intake.of(config.pipeline());
    if (!intake.traces() && !intake.metrics()) {
      throw new ConfigurationException(
          List.of(
              "nothing goes to a collector yet: set otel_export.endpoint"
                  + " (OTEL_EXPORTER_OTLP_ENDPOINT), for example to http://127.0.0.1:4317, or"
                  + " prometheus_export.port (BEYLA_PROMETHEUS_PORT) to be scraped"));
    }
    return intake;
  }
}
