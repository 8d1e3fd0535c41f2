package io.sonde.pipeline.identity;

import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumMap;
import java.util.Map;

/**
 * To which port a process would export a signal over gRPC, as far as OpenTelemetry's own settings
 * tell; where they tell nothing, to the usual one.
 */
final class GrpcExports {
  static final GrpcExports NONE = new GrpcExports();

  private static final String GRPC = "grpc";
  private static final String OTLP = "otlp";

  private final Map<Export, Integer> ports = new EnumMap<>(Export.class);

  private GrpcExports() {}

  /**
   * @param usualPort 4317, if not configured otherwise
   */
  static GrpcExports of(OtelSettings settings, int usualPort) {
    GrpcExports exports = new GrpcExports();
    for (Export signal : Export.values()) {
      String exporters = settings.get("OTEL_" + signal + "_EXPORTER");
      String protocol = ofSignal(settings, signal, "PROTOCOL");
      boolean possible =
          (exporters.isEmpty() || exporters.contains(OTLP))
              && (protocol.isEmpty() || protocol.equals(GRPC));
      if (possible) {
        exports.ports.put(signal, port(ofSignal(settings, signal, "ENDPOINT"), usualPort));
      }
    }
    return exports;
  }

  boolean areTo(int port, Export signal) {
    return ports.getOrDefault(signal, 0) == port;
  }

  private static String ofSignal(OtelSettings settings, Export signal, String setting) {
    String own = settings.get("OTEL_EXPORTER_OTLP_" + signal + "_" + setting);
    return own.isEmpty() ? settings.get("OTEL_EXPORTER_OTLP_" + setting) : own;
  }

  private static int port(String endpoint, int otherwise) {
    try {
      int port = new URI(endpoint).getPort();
      return port < 0 ? otherwise : port;
    } catch (URISyntaxException e) {
      return otherwise; // the SDK would not know where to send it either
    }
  }
}
