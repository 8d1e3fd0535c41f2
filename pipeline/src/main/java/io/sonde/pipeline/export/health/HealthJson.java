package io.sonde.pipeline.export.health;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.pipeline.export.GoDuration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** The answers, key by key in the order of the extension. */
final class HealthJson {
  /** Go's zero time, which the extension tells when the server is not available. */
  private static final String NEVER = "0001-01-01T00:00:00Z";

  private static final JsonFactory FACTORY = new JsonFactory();

  private HealthJson() {}

  /** Of the first version. */
  static byte[] availability(boolean available, Instant upSince, Instant now) {
    return write(
        json -> {
          json.writeStartObject();
          json.writeStringField("status", available ? "Server available" : "Server not available");
          json.writeStringField("upSince", available ? upSince.toString() : NEVER);
          json.writeStringField(
              "uptime", available ? GoDuration.of(Duration.between(upSince, now).toNanos()) : "");
          json.writeEndObject();
        });
  }

  /** Of the second version, always with the components, as with its {@code ?verbose}. */
  static byte[] status(ComponentStatus status, Instant started) {
    return write(
        json -> {
          json.writeStartObject();
          json.writeStringField("start_time", started.toString());
          writeRest(json, status);
        });
  }

  private static void writeRest(JsonGenerator json, ComponentStatus status) throws IOException {
    json.writeBooleanField("healthy", status.status().isHealthy());
    json.writeStringField("status", status.status().text());
    if (!status.error().isEmpty()) {
      json.writeStringField("error", status.error());
    }
    json.writeStringField("status_time", status.since().toString());
    json.writeObjectFieldStart("attributes");
    for (Map.Entry<String, String> attribute : status.attributes().entrySet()) {
      json.writeStringField(attribute.getKey(), attribute.getValue());
    }
    json.writeEndObject();
    if (!status.components().isEmpty()) {
      json.writeObjectFieldStart("components");
      for (Map.Entry<String, ComponentStatus> component : status.components().entrySet()) {
        json.writeObjectFieldStart(component.getKey());
        writeRest(json, component.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** What is written, in memory: never fails for want of a reader. */
  private interface Content {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private static byte[] write(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      content.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
