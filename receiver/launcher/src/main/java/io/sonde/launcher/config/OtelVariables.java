package io.sonde.launcher.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Variables of the OpenTelemetry specification ("Environment Variable Specification", "OTLP
 * Exporter") that an exporter reads and that are not options of Sonde, with the reason. Those that
 * are options stand with them.
 */
final class OtelVariables {
  private static final String WAITS =
      "what is to be sent waits in a queue; an attempt to send has OTEL_EXPORTER_OTLP_TIMEOUT";
  private static final String LIMITS =
      "spans have few attributes, each bounded by what is captured of a request";
  private static final String NO_LOGS = "Sonde exports no log records";
  private static final String NO_ZIPKIN = "Sonde speaks OTLP only: a Collector translates";
  private static final String KEEP_TLS =
      "https:// and http:// say it, or OTEL_EXPORTER_OTLP_INSECURE for a host:port";

  /** The end of a sentence that begins "it has no effect here:". */
  static final Map<String, String> WITHOUT_EFFECT = withoutEffect();

  private OtelVariables() {}

  private static Map<String, String> withoutEffect() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("OTEL_BSP_EXPORT_TIMEOUT", WAITS);
    all.put("OTEL_METRIC_EXPORT_TIMEOUT", WAITS);
    all.put("OTEL_EXPORTER_OTLP_SPAN_INSECURE", KEEP_TLS);
    all.put("OTEL_EXPORTER_OTLP_METRIC_INSECURE", KEEP_TLS);
    all.put("OTEL_LOG_LEVEL", "log_level (BEYLA_LOG_LEVEL) is Sonde's");
    all.put("OTEL_PROPAGATORS", "Sonde reads the W3C headers traceparent and tracestate");
    all.put("OTEL_ENTITIES", "entities are not told yet; resource_attributes are");
    all.put("OTEL_CONFIG_FILE", "BEYLA_CONFIG_PATH names a configuration of Sonde's");
    all.put("OTEL_EXPERIMENTAL_CONFIG_FILE", "BEYLA_CONFIG_PATH names a configuration of Sonde's");
    for (String limited :
        new String[] {
          "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
          "OTEL_ATTRIBUTE_COUNT_LIMIT",
          "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
          "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
          "OTEL_SPAN_EVENT_COUNT_LIMIT",
          "OTEL_SPAN_LINK_COUNT_LIMIT",
          "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
          "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT"
        }) {
      all.put(limited, LIMITS);
    }
    for (String logs :
        new String[] {
          "OTEL_LOGS_EXPORTER",
          "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT",
          "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
          "OTEL_BLRP_SCHEDULE_DELAY",
          "OTEL_BLRP_EXPORT_TIMEOUT",
          "OTEL_BLRP_MAX_QUEUE_SIZE",
          "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
          "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
          "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL",
          "OTEL_EXPORTER_OTLP_LOGS_HEADERS",
          "OTEL_EXPORTER_OTLP_LOGS_TIMEOUT",
          "OTEL_EXPORTER_OTLP_LOGS_COMPRESSION",
          "OTEL_EXPORTER_OTLP_LOGS_INSECURE",
          "OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE",
          "OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE",
          "OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY"
        }) {
      all.put(logs, NO_LOGS);
    }
    all.put("OTEL_EXPORTER_ZIPKIN_ENDPOINT", NO_ZIPKIN);
    all.put("OTEL_EXPORTER_ZIPKIN_TIMEOUT", NO_ZIPKIN);
    return Map.copyOf(all);
  }
}
