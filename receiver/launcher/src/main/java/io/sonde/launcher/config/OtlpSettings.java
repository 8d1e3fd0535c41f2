package io.sonde.launcher.config;

import io.sonde.pipeline.PipelineConfig.Otlp;
import io.sonde.pipeline.PipelineConfig.OtlpProtocol;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is set for one signal goes before what is set for both, as in Beyla and the OTLP exporter
 * specification.
 */
final class OtlpSettings {
  private static final int GRPC_PORT = 4317;

  private final Values values;

  OtlpSettings(Values values) {
    this.values = values;
  }

  /** Empty when there is no endpoint for it. */
  Optional<Otlp> of(Options.Otlp signal, String signalPath) {
    String own = values.get(signal.endpoint);
    String endpoint = own.isEmpty() ? values.get(Options.OTLP.endpoint) : own;
    if (endpoint.isEmpty()) {
      return Optional.empty();
    }
    OtlpProtocol protocol = protocol(signal, endpoint);
    Map<String, String> headers = new LinkedHashMap<>(values.get(Options.OTLP.headers));
    headers.putAll(values.get(signal.headers));
    return Optional.of(
        new Otlp(
            protocol,
            protocol == OtlpProtocol.GRPC
                ? withoutPath(endpoint)
                : withPath(endpoint, signalPath, own.isEmpty()),
            Map.copyOf(headers),
            either(signal.timeout, Options.OTLP.timeout),
            either(signal.compression, Options.OTLP.compression) == Options.Compression.GZIP));
  }

  private OtlpProtocol protocol(Options.Otlp signal, String endpoint) {
    OtlpProtocol given = either(signal.protocol, Options.OTLP.protocol);
    if (given != null) {
      return given;
    }
    return URI.create(endpoint).getPort() == GRPC_PORT
        ? OtlpProtocol.GRPC
        : OtlpProtocol.HTTP_PROTOBUF;
  }

  private <T> T either(Option<T> own, Option<T> common) {
    T value = values.get(own);
    return value != null ? value : values.get(common);
  }

  private static String withoutPath(String endpoint) {
    URI url = URI.create(endpoint);
    return url.getScheme() + "://" + url.getRawAuthority();
  }

  /** A signal's own URL is used as it is, but one without any path can only mean the usual one. */
  private static String withPath(String endpoint, String signalPath, boolean common) {
    String base = endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
    boolean noPath = URI.create(base).getRawPath().isEmpty();
    return common || noPath ? base + signalPath : endpoint;
  }
}
