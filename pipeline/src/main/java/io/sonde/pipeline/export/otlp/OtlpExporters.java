package io.sonde.pipeline.export.otlp;

import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporterBuilder;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporterBuilder;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.PipelineConfig.Otlp;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Builds the exporters that the configuration asks for. */
final class OtlpExporters {
  /**
   * Held, since it is quieted: it tells every failure with its stack trace, which {@link ExportLog}
   * tells once.
   */
  private static final List<Logger> QUIETED =
      Stream.of("HttpExporter", "GrpcExporter")
          .map(name -> Logger.getLogger("io.opentelemetry.exporter.otlp.internal." + name))
          .toList();

  static {
    QUIETED.forEach(logger -> logger.setLevel(Level.OFF));
  }

  private OtlpExporters() {}

  static SpanExporter spans(Otlp config) {
    if (config.protocol() == PipelineConfig.OtlpProtocol.GRPC) {
      OtlpGrpcSpanExporterBuilder builder =
          OtlpGrpcSpanExporter.builder()
              .setEndpoint(config.endpoint())
              .setTimeout(config.timeout())
              .setCompression(compression(config));
      config.headers().forEach(builder::addHeader);
      return builder.build();
    }
    OtlpHttpSpanExporterBuilder builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(config.endpoint())
            .setTimeout(config.timeout())
            .setCompression(compression(config));
    config.headers().forEach(builder::addHeader);
    return builder.build();
  }

  static MetricExporter metrics(Otlp config) {
    if (config.protocol() == PipelineConfig.OtlpProtocol.GRPC) {
      OtlpGrpcMetricExporterBuilder builder =
          OtlpGrpcMetricExporter.builder()
              .setEndpoint(config.endpoint())
              .setTimeout(config.timeout())
              .setCompression(compression(config));
      config.headers().forEach(builder::addHeader);
      return builder.build();
    }
    OtlpHttpMetricExporterBuilder builder =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(config.endpoint())
            .setTimeout(config.timeout())
            .setCompression(compression(config));
    config.headers().forEach(builder::addHeader);
    return builder.build();
  }

  private static String compression(Otlp config) {
    return config.gzip() ? "gzip" : "none";
  }
}
