package io.sonde.pipeline.identity;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads OTEL_RESOURCE_ATTRIBUTES ({@code key=value,key=value}, values percent-encoded) as the
 * OpenTelemetry SDKs do: a pair without a key or an equals sign is left out.
 */
final class ResourceAttributesVariable {
  private ResourceAttributesVariable() {}

  static Map<String, String> parse(String variable) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String pair : variable.split(",")) {
      int equals = pair.indexOf('=');
      if (equals > 0 && !pair.substring(0, equals).isBlank()) {
        attributes.put(
            pair.substring(0, equals).trim(), percentDecoded(pair.substring(equals + 1).trim()));
      }
    }
    return attributes;
  }

  /** Unlike URLDecoder leaves {@code +} alone, and never refuses: a bad escape stays as it is. */
  private static String percentDecoded(String value) {
    if (value.indexOf('%') < 0) {
      return value;
    }
    byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
    byte[] decoded = new byte[encoded.length];
    int length = 0;
    for (int i = 0; i < encoded.length; i++) {
      int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
      int low = i + 2 < encoded.length ? Character.digit(encoded[i + 2], 16) : -1;
      if (encoded[i] == '%' && high >= 0 && low >= 0) {
        decoded[length++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        decoded[length++] = encoded[i];
      }
    }
    return new String(decoded, 0, length, StandardCharsets.UTF_8);
  }
}
