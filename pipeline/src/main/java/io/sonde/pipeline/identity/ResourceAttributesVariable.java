package io.sonde.pipeline.identity;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Logger;

/**
 * Reads OTEL_RESOURCE_ATTRIBUTES ({@code key=value,key=value}) as the OpenTelemetry specification
 * has it (Resource SDK, "Specifying resource information via an environment variable"): keys and
 * values percent-encoded UTF-8, white space around them ignored, and with any error all of it left
 * out.
 */
final class ResourceAttributesVariable {
  private static final Logger LOG = Logger.getLogger(ResourceAttributesVariable.class.getName());

  private ResourceAttributesVariable() {}

  /** Empty when there is nothing in it, or an error. */
  static Map<String, String> parse(String variable) {
    Map<String, String> attributes = new LinkedHashMap<>();
    try {
      for (String pair : variable.split(",")) {
        if (!pair.isBlank()) {
          read(pair, attributes);
        }
      }
    } catch (CharacterCodingException e) {
      LOG.fine(() -> "OTEL_RESOURCE_ATTRIBUTES of a process is left out: " + e.getMessage());
      return Map.of();
    }
    return attributes;
  }

  private static void read(String pair, Map<String, String> attributes)
      throws CharacterCodingException {
    int equals = pair.indexOf('=');
    String key = equals < 0 ? "" : decoded(pair.substring(0, equals).strip());
    if (key.isEmpty()) {
      throw new MalformedPairException("a pair has no key or no equals sign");
    }
    attributes.put(key, decoded(pair.substring(equals + 1).strip()));
  }

  /** Unlike URLDecoder leaves {@code +} alone. */
  private static String decoded(String text) throws CharacterCodingException {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(encoded.length);
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] == '%') {
        decoded.put((byte) (digit(encoded, i + 1) << 4 | digit(encoded, i + 2)));
        i += 2;
      } else {
        decoded.put(encoded[i]);
      }
    }
    return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
  }

  private static int digit(byte[] encoded, int at) throws MalformedPairException {
    int digit = at < encoded.length ? Character.digit(encoded[at], 16) : -1;
    if (digit < 0) {
      throw new MalformedPairException("a percent sign without two hex digits");
    }
    return digit;
  }

  private static final class MalformedPairException extends CharacterCodingException {
    private static final long serialVersionUID = 1L;
    private final String reason;

    MalformedPairException(String reason) {
      this.reason = reason;
    }

    @Override
    public String getMessage() {
      return reason;
    }
  }
}
